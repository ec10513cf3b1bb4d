// Apache Livy's batches. Its ids begin anew with it, unless it recovers its sessions, so an id is believed
// only while the batch has our name; names are unique among the batches that it knows.
#include <array>
#include <charconv>
#include <map>

#include "spark/cluster.hpp"
#include "spark/fields.hpp"
#include "json/object_writer.hpp"

namespace waybill::spark {

namespace {

constexpr std::size_t page_size = 20; ///< each with the last lines of its log

constexpr unsigned created = 201;
constexpr unsigned not_found = 404;

std::string id_of(json::value batch) {
    const auto id = batch.member("id").integer();
    return id && *id >= 0 ? std::to_string(*id) : std::string();
}

std::string log_of(json::value batch) {
    std::string all;
    const auto lines = batch.member("log");
    if (!lines || !lines.is_array()) return all;
    for (const auto line : lines.children())
        all += fields::text_of(line) + '\n';
    return all;
}

class livy_cluster final : public cluster {
  public:
    explicit livy_cluster(const spark_engine_options& options)
        : driver_(options.driver),
          batches_(options.cluster.prefix + "/batches"),
          conf_(options.conf.begin(), options.conf.end()) {}

    bool can_be_id(std::string_view text) const override {
        std::int64_t number = 0;
        const auto [stop, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
        return wrong == std::errc{} && stop == text.data() + text.size() && number >= 0;
    }

    http_request submit(const std::string& name, const std::string& request_file) const override {
        http_request request{"POST", batches_, {}};
        {
            json::object_writer to(request.body);
            to.text("file", driver_);
            auto& out = to.member("args");
            json::append_array(out, std::array{request_file},
                               [&](const std::string& one) { json::append_string(out, one); });
            to.text("name", name);
            append_texts(to.member("conf"), conf_);
        }
        return request;
    }

    submit_answer submitted(const http_answer& answer) const override {
        const fields of(answer.body);
        if (answer.status == created || answer.status == http_ok)
            if (auto id = id_of(of.root()); !id.empty()) return {submit_answer::meaning::accepted, id, {}};
        if (is_refusal(answer.status)) {
            const auto words = first_line(of.text("msg"));
            if (words.find("Duplicate session name") != std::string::npos)
                return {submit_answer::meaning::taken, {}, words};
            if (words.find("too many sessions") != std::string::npos)
                return {submit_answer::meaning::not_now, {}, words};
            // Without Livy's own words it is a proxy's, which has handed nothing on.
            return {words.empty() ? submit_answer::meaning::not_now : submit_answer::meaning::refused,
                    {},
                    words.empty() ? no_answer_words(answer) : words};
        }
        return {answer.status == 0 && !answer.sent ? submit_answer::meaning::not_now
                                                   : submit_answer::meaning::lost,
                {},
                no_answer_words(answer)};
    }

    http_request look(const std::string& id) const override { return {"GET", batches_ + '/' + id, {}}; }

    look_answer looked(const http_answer& answer, const std::string& name) const override {
        const fields of(answer.body);
        if (answer.status == not_found && of.root()) return {look_answer::meaning::forgotten, {}, {}, {}};
        if (answer.status != http_ok || id_of(of.root()).empty())
            return {look_answer::meaning::none, {}, no_answer_words(answer), {}};
        if (of.text("name") != name) return {look_answer::meaning::forgotten, {}, {}, {}};
        const auto state = of.text("state");
        const auto application = of.text("appId");
        for (const auto* const end : {"dead", "killed", "error", "success"})
            if (state == end) return {look_answer::meaning::ended, state, log_of(of.root()), application};
        if (state.empty()) return {look_answer::meaning::none, {}, no_answer_words(answer), {}};
        return {look_answer::meaning::working, state, {}, application};
    }

    http_request kill(const std::string& id) const override { return {"DELETE", batches_ + '/' + id, {}}; }

    bool killed(const http_answer& answer) const override {
        return answer.status == http_ok || answer.status == not_found;
    }

    std::optional<http_request> search(std::size_t from) const override {
        return http_request{
            "GET", batches_ + "?from=" + std::to_string(from) + "&size=" + std::to_string(page_size), {}};
    }

    search_answer searched(const http_answer& answer, const std::string& name) const override {
        const fields of(answer.body);
        const auto sessions = of.member("sessions");
        if (answer.status != http_ok || !sessions || !sessions.is_array())
            return {search_answer::meaning::none, {}, 0, no_answer_words(answer)};
        for (const auto batch : sessions.children())
            if (fields::text_of(batch.member("name")) == name)
                if (auto id = id_of(batch); !id.empty()) return {search_answer::meaning::found, id, 0, {}};
        const auto from = of.member("from").integer();
        if (sessions.size() < page_size || !from || *from < 0)
            return {search_answer::meaning::nowhere, {}, 0, {}};
        return {search_answer::meaning::more, {}, static_cast<std::size_t>(*from) + sessions.size(), {}};
    }

  private:
    std::string driver_;
    std::string batches_;
    std::map<std::string, std::string> conf_;
};

} // namespace

std::unique_ptr<cluster> make_livy_cluster(const spark_engine_options& options) {
    return std::make_unique<livy_cluster>(options);
}

} // namespace waybill::spark
