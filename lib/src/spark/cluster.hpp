// What the two kinds of servers have in common: how to ask, and what their answers mean for an attempt. Pure
// functions of requests and answers, without any connection; any thread. An answer that says nothing certain
// is told as none at all.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/spark_engine.hpp>

#include "spark/http_client.hpp"

namespace waybill::spark {

struct submit_answer {
    enum class meaning {
        accepted, ///< under `id`
        taken,    ///< the name belongs to a submission that is there already
        refused,  ///< for good; `words` says why
        not_now,  ///< certainly not accepted; later it may be
        lost,     ///< nobody knows
    };
    meaning what = meaning::lost;
    std::string id{};
    std::string words{};
    bool final = false; ///< of `refused`: another attempt would be refused, too
};

struct look_answer {
    enum class meaning { working, ended, forgotten, none };
    meaning what = meaning::none;
    std::string state{};       ///< as the cluster calls it
    std::string words{};       ///< what else it says
    std::string application{}; ///< of Spark; empty when it is not told
};

struct search_answer {
    enum class meaning { found, more, nowhere, none };
    meaning what = meaning::none;
    std::string id{};
    std::size_t next = 0; ///< of `more`: where to go on
    std::string words{};
};

class cluster {
  public:
    cluster() = default;
    cluster(const cluster&) = delete;
    cluster& operator=(const cluster&) = delete;
    virtual ~cluster() = default;

    /// Whether a submission can have this id here.
    virtual bool can_be_id(std::string_view text) const = 0;

    virtual http_request submit(const std::string& name, const std::string& request_file) const = 0;
    virtual submit_answer submitted(const http_answer& answer) const = 0;

    virtual http_request look(const std::string& id) const = 0;
    virtual look_answer looked(const http_answer& answer, const std::string& name) const = 0;

    virtual http_request kill(const std::string& id) const = 0;
    /// Whether the server has taken the wish, or knows of nothing to kill.
    virtual bool killed(const http_answer& answer) const = 0;

    /// Nothing where submissions cannot be looked for by name.
    virtual std::optional<http_request> search(std::size_t from) const = 0;
    virtual search_answer searched(const http_answer& answer, const std::string& name) const = 0;
};

std::unique_ptr<cluster> make_standalone_cluster(const spark_engine_options& options);
std::unique_ptr<cluster> make_livy_cluster(const spark_engine_options& options);

constexpr unsigned http_ok = 200;
/// Whether the status says that asking the same again would be answered the same.
constexpr bool is_refusal(unsigned status) {
    constexpr unsigned time_out = 408;
    constexpr unsigned too_many = 429;
    return status >= 300 && status < 500 && status != time_out && status != too_many;
}

/// Why an answer is none: what the network says, or the status with the beginning of what came.
std::string no_answer_words(const http_answer& answer);
/// The first line, and of that not too much.
std::string first_line(std::string_view text);

} // namespace waybill::spark
