// What people did: orders and page views. Pure functions over a stream of chance; one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dice.hpp"
#include "people.hpp"

namespace waybill::generate {

/// `number` makes `_id` unique within the seed. Those of linked people come partly under their ECID.
void append_event(std::string& out, std::uint64_t seed, std::string_view org_field, const person& who,
                  std::uint64_t number, dice& chance);

/// A page view of somebody of whom there is no record.
void append_anonymous_event(std::string& out, std::uint64_t seed, std::uint64_t ecid, std::uint64_t number,
                            dice& chance);

} // namespace waybill::generate
