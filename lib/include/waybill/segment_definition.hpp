// What a segment definition is: a named condition over profiles and their events in Profile Query Language
// (docs/segment_definitions.md), which an export evaluates when it is asked to. Plain values: every thread
// may use its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/tenant.hpp>
#include <waybill/timestamp.hpp>

namespace waybill {

/// Only an inactive segment is not evaluated.
enum class segment_lifecycle { draft, published, inactive, archived };

std::string_view to_text(segment_lifecycle state);
std::optional<segment_lifecycle> parse_segment_lifecycle(std::string_view text);

/// `evaluationInfo`: kept as it was sent. Every segment is evaluated in batch all the same.
struct evaluation_methods {
    bool batch = true;
    bool continuous = false;
    bool synchronous = false;

    friend bool operator==(const evaluation_methods&, const evaluation_methods&) = default;
};

/// `schema`: at least one of the two; kept as it was sent.
struct segment_schema {
    std::optional<std::string> name{}; ///< 1 to 256 characters each
    std::optional<std::string> id{};
};

struct segment_definition {
    std::string id{}; ///< 1 to 256 characters; a UUID unless one was given
    tenant owner{};
    std::string name{};                       ///< 1 to 255 characters, a tenant's own
    std::optional<std::string> description{}; ///< at most 4,096 characters
    std::string expression{};                 ///< `pql/text`
    segment_schema schema{};
    std::optional<std::string> merge_policy_id{}; ///< the one of jobs that name the segment, and none
    evaluation_methods evaluation{};
    bool exclude_opt_out = true; ///< who has opted out of everything is no member
    segment_lifecycle lifecycle = segment_lifecycle::published;
    std::optional<std::string> ttl_in_days{}; ///< JSON as sent, a number or a text; has no effect
    std::optional<std::string> payload_schema{};
    std::string profile_instance_id = "ups";
    std::int64_t version = 1; ///< grows when the expression or the merge policy changes
    timestamp creation_time{};
    timestamp update_time{};
    std::vector<std::string> dependencies{}; ///< ids that the expression asks for by `inSegment`, sorted
    std::vector<std::string> dependents{};   ///< ids of definitions that ask for this one, sorted
};

/// What a client sends. Of a create, what is missing has its default, and `name`, `expression` and `schema`
/// have none; of an update, what is there takes the place of what was, and the rest stays. Where the inner
/// value may be missing, too, an empty one takes away.
struct segment_changes {
    std::optional<std::string> name{};
    std::optional<std::optional<std::string>> description{};
    std::optional<std::string> expression{};
    std::optional<segment_schema> schema{};
    std::optional<std::optional<std::string>> merge_policy_id{};
    std::optional<evaluation_methods> evaluation{};
    std::optional<bool> exclude_opt_out{};
    std::optional<segment_lifecycle> lifecycle{};
    std::optional<std::optional<std::string>> ttl_in_days{};
    std::optional<std::optional<std::string>> payload_schema{};
    std::optional<std::string> profile_instance_id{};
};

/// What a listing keeps to.
struct segment_query {
    enum class order { creation_time, update_time, name };
    static constexpr std::size_t most = 100;

    order by = order::creation_time; ///< what is equal stands by its age, in the same direction
    bool descending = true;
    std::int64_t start = 0;      ///< so many definitions are passed over
    std::size_t limit = most;    ///< 1 to `most`
    std::optional<bool> batch{}; ///< only those whose `evaluationInfo` says so
    std::optional<bool> continuous{};
    std::optional<bool> synchronous{};
};

struct segment_page {
    std::vector<segment_definition> definitions{};
    std::int64_t total = 0; ///< that the filters let through, on all pages
};

} // namespace waybill
