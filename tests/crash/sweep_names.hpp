// What the story of the crash sweep (sweep_script.cpp) and the look at what is left of it must agree on.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include <waybill/new_export_job.hpp>
#include <waybill/tenant.hpp>

namespace waybill::test {

/// Everything that a story keeps stands below one directory, but for the notes and the profiles.
struct sweep_files {
    std::filesystem::path kept;
    std::filesystem::path profiles;
    std::filesystem::path notes; ///< what was answered, a line each, written once the answer is there

    std::filesystem::path store() const { return kept / "jobs.db"; }
    std::filesystem::path segments() const { return kept / "segments.db"; }
    std::filesystem::path datasets() const { return kept / "datasets"; }
};

/// What a job exports; its text is the job's request id.
enum class export_kind {
    everything,  ///< all profiles
    one_segment, ///< the members of s1
    apart,       ///< s1 and s2, a batch each
    evaluated,   ///< the members of a segment that the job evaluates: all profiles
    never,       ///< cannot run
};

inline std::string to_text(export_kind kind) {
    switch (kind) {
    case export_kind::everything: return "everything";
    case export_kind::one_segment: return "one-segment";
    case export_kind::apart: return "apart";
    case export_kind::evaluated: return "evaluated";
    case export_kind::never: return "never";
    }
    return {};
}

inline export_kind parse_export_kind(const std::string& text) {
    for (const auto kind : {export_kind::everything, export_kind::one_segment, export_kind::apart,
                            export_kind::evaluated, export_kind::never})
        if (to_text(kind) == text) return kind;
    throw std::invalid_argument(text + " is no kind of export");
}

inline const tenant sweep_acme{"acme@example", "prod"};
inline const tenant sweep_globex{"globex", "stage"};

inline constexpr int sweep_profiles = 250; ///< of each tenant

/// The name of a profile, its only identity.
inline std::string sweep_profile(const tenant& owner, int number) {
    return owner.org + "-" + std::to_string(number);
}

/// A segment of acme that is defined, and in which everybody is.
inline constexpr auto sweep_defined = "everybody";

/// Every second profile is in s1 (segment 0), every third in s2 (segment 1).
inline bool is_member(int profile, std::size_t segment) { return profile % (segment == 0 ? 2 : 3) == 0; }

} // namespace waybill::test
