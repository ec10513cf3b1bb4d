// The rules that a new export job keeps wherever it comes from: an embedder's code as well as the wire, whose
// reader also says more (types, limits). Pure functions, any thread.
#pragma once

#include <string_view>
#include <vector>

#include <waybill/export_job.hpp>
#include <waybill/result.hpp>

namespace waybill {

/// Code points of valid UTF-8.
std::size_t count_characters(std::string_view text);

/// Every rule that the tenant or the job breaks, with the JSON pointer of the place.
std::vector<finding> broken_rules(const tenant& owner, const new_export_job& job);

/// Adds a finding unless the text can be an idempotency key.
void check_idempotency_key(std::string_view key, std::vector<finding>& broken);

} // namespace waybill
