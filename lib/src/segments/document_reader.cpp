#include <waybill/segment_document.hpp>

#include <utility>

#include "segments/definition_rules.hpp"
#include "json/document.hpp"
#include "json/object_reader.hpp"
#include "json/text_rules.hpp"

namespace waybill {
namespace {

using json::kind;
using json::object_reader;
using json::value;

constexpr auto any_text = [](std::string_view) { return json::verdict{}; };

/// Reads the members of a definition into changes: those that were sent and are of their type.
class member_reader {
  public:
    member_reader(value root, const object_reader& body, json::finding_list& findings)
        : root_(root), body_(body), findings_(findings) {}

    segment_changes read() {
        segment_changes read;
        if (is_sent("name")) read.name = needed_text(body_, "name");
        if (is_sent("description")) read.description = body_.text("description", any_text);
        if (is_sent("expression")) read.expression = expression();
        if (is_sent("schema")) read.schema = schema();
        if (is_sent("mergePolicyId")) read.merge_policy_id = body_.text("mergePolicyId", any_text);
        if (is_sent("evaluationInfo")) read.evaluation = evaluation();
        if (is_sent("dataGovernancePolicy")) read.exclude_opt_out = exclude_opt_out();
        if (is_sent("lifecycleState")) read.lifecycle = lifecycle();
        if (is_sent("ttlInDays")) read.ttl_in_days = ttl();
        if (is_sent("payloadSchema")) read.payload_schema = body_.text("payloadSchema", any_text);
        if (is_sent("profileInstanceId"))
            read.profile_instance_id =
                body_.text("profileInstanceId", any_text).value_or(segment_definition{}.profile_instance_id);
        return read;
    }

  private:
    /// Also as null.
    bool is_sent(std::string_view name) const { return static_cast<bool>(root_.member(name)); }

    static std::optional<std::string> needed_text(const object_reader& in, std::string_view name) {
        in.require(name);
        return in.text(name, any_text);
    }

    std::optional<std::string> expression() const {
        body_.require("expression");
        if (!body_.present("expression")) return std::nullopt;
        const auto sent = body_.object("expression");
        const auto type = needed_text(sent, "type"), format = needed_text(sent, "format");
        if (type && *type != "PQL" && *type != "pql") refuse("PQL", "/expression/type");
        if (format && *format != "pql/text") refuse("pql/text", "/expression/format");
        return needed_text(sent, "value");
    }

    std::optional<segment_schema> schema() const {
        body_.require("schema");
        if (!body_.present("schema")) return std::nullopt;
        const auto sent = body_.object("schema");
        if (!sent) return std::nullopt;
        segment_schema read{sent.text("name", any_text), sent.text("id", any_text)};
        // One of another type has its finding already.
        if (!read.name && !read.id && (sent.present("name") || sent.present("id"))) return std::nullopt;
        return read;
    }

    /// Whoever says nothing of it means in batch.
    evaluation_methods evaluation() const {
        const auto sent = body_.object("evaluationInfo");
        const auto enabled = [&](std::string_view method) { return sent.object(method).boolean("enabled"); };
        const auto batch = enabled("batch"), continuous = enabled("continuous"),
                   synchronous = enabled("synchronous");
        const bool other = continuous.value_or(false) || synchronous.value_or(false);
        return {batch.value_or(!other), continuous.value_or(false), synchronous.value_or(false)};
    }

    bool exclude_opt_out() const {
        return body_.object("dataGovernancePolicy").boolean("excludeOptOut").value_or(true);
    }

    segment_lifecycle lifecycle() const {
        const auto text = body_.text("lifecycleState", [](std::string_view sent) {
            if (parse_segment_lifecycle(sent)) return json::verdict{};
            return json::verdict{{"invalid_value", "expected draft, published, inactive or archived"}};
        });
        return text ? *parse_segment_lifecycle(*text) : segment_definition{}.lifecycle;
    }

    /// A number or a text, as it is spelled.
    std::optional<std::string> ttl() const {
        const auto sent = body_.present("ttlInDays");
        if (!sent) return std::nullopt;
        if (sent.is_string() && !body_.text("ttlInDays", json::bounded_text{})) return std::nullopt;
        if (sent.type() == kind::number || sent.is_string()) return std::string(sent.raw());
        body_.complain({"invalid_type", "expected a number or a text"}, "ttlInDays");
        return std::nullopt;
    }

    void refuse(const char* expected, const char* path) const {
        findings_.all.push_back({"invalid_expression", std::string("unsupported: expected ") + expected, path,
                                 "unsupported", std::nullopt});
    }

    value root_;
    const object_reader& body_;
    json::finding_list& findings_;
};

/// The ids of a list, of which each is a text or an object with one.
class id_reader {
  public:
    id_reader(std::string path, std::size_t most) : path_(std::move(path)), most_(most) {}

    void read(value list) {
        if (!list.is_array()) return complain("invalid_type", "expected an array of ids", path_);
        if (list.size() < 1) return complain("invalid_value", "expected at least one id", path_);
        if (list.size() > most_)
            return complain("too_many", "expected at most " + std::to_string(most_) + " ids", path_);
        std::size_t index = 0;
        for (const auto element : list.children())
            read_id(element, path_ + '/' + std::to_string(index++));
    }

    std::vector<std::string> ids;
    std::vector<finding> broken;

  private:
    void read_id(value sent, std::string path) {
        if (sent.is_object()) {
            sent = sent.member("id");
            path += "/id";
            if (sent.is_null()) return complain("required", "must be there", std::move(path));
        }
        if (!sent.is_string()) return complain("invalid_type", "expected a text", std::move(path));
        ids.push_back(sent.text());
    }
    void complain(const char* code, std::string message, std::string path) {
        broken.push_back({code, std::move(message), std::move(path)});
    }

    std::string path_;
    std::size_t most_;
};

failure invalid(std::vector<finding> broken) {
    return {errc::invalid, "The body is no valid segment definition", std::move(broken)};
}

/// What is of its type, and every finding of the whole body.
segment_changes read_members(value root, const object_reader& body, json::finding_list& findings) {
    auto read = member_reader(root, body, findings).read();
    segments::check_members(read, findings.all);
    return read;
}

} // namespace

result<new_segment> parse_new_segment(std::string_view body, const json_limits& limits) {
    json::document document;
    if (auto error = document.parse(body, limits.depth)) return json::unreadable_body(std::move(*error));
    json::finding_list findings;
    new_segment read;
    const object_reader members(document.root(), findings);
    for (const auto* const name : {"name", "expression", "schema"})
        if (!document.root().member(name)) members.require(name); // one that is null is found below
    read.id = members.text("id", any_text);
    if (read.id) segments::check_id(*read.id, findings.all);
    read.members = read_members(document.root(), members, findings);
    if (!findings.all.empty()) return invalid(std::move(findings.all));
    return read;
}

result<segment_changes> parse_segment_changes(std::string_view body, const json_limits& limits) {
    json::document document;
    if (auto error = document.parse(body, limits.depth)) return json::unreadable_body(std::move(*error));
    json::finding_list findings;
    const object_reader members(document.root(), findings);
    auto read = read_members(document.root(), members, findings);
    if (!findings.all.empty()) return invalid(std::move(findings.all));
    return read;
}

result<std::vector<std::string>> parse_segment_ids(std::string_view body, const json_limits& limits) {
    json::document document;
    if (auto error = document.parse(body, limits.depth)) return json::unreadable_body(std::move(*error));
    const auto root = document.root();
    id_reader reader(root.is_array() ? "" : "/ids", limits.segments);
    if (root.is_array())
        reader.read(root);
    else if (!root.is_object())
        reader.broken.push_back({"invalid_type", "expected an object, or an array of ids", ""});
    else if (root.member("ids").is_null())
        reader.broken.push_back({"required", "must be there", "/ids"});
    else
        reader.read(root.member("ids"));
    if (!reader.broken.empty())
        return failure{errc::invalid, "The body is no list of ids", std::move(reader.broken)};
    return std::move(reader.ids);
}

} // namespace waybill
