// The requests that hosts are measured with.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "job_mix.hpp"

namespace waybill::bench {

inline const std::string jobs_path = "/data/core/ups/export/jobs";

/// A whole request; `line` is method and target.
std::string request_text(const tenant& owner, const std::string& line, const std::string& body = {});

/// POSTs that ask for these jobs: what a job shows, without what only an answer has. Makes a store in
/// `scratch`.
std::vector<std::string> create_requests(const job_mix& jobs, const std::filesystem::path& scratch);

} // namespace waybill::bench
