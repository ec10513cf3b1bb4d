// One person after the other, as three datasets know them: the CRM, a loyalty programme and the web shop.
// About a fifth of the people have a different primary identity in each dataset, linked only by shared
// further identities; the others are known everywhere by their CRM id. Pure functions over a stream of
// chance; one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dice.hpp"
#include "segments.hpp"

namespace waybill::generate {

struct person {
    std::uint64_t crm = 0;     ///< shown as 16 hex digits
    std::uint64_t loyalty = 0; ///< as 16 hex digits
    std::uint64_t ecid = 0;    ///< as 38 decimal digits
    std::uint64_t number = 0;  ///< unique; makes the mail address unique
    bool linked = false;       ///< by shared identities only
};

person nth_person(std::uint64_t seed, std::uint64_t number, dice& chance);
/// Of somebody who is known by events alone.
std::uint64_t anonymous_ecid(std::uint64_t seed, std::uint64_t number);

void append_ecid(std::string& out, std::uint64_t ecid);
void append_email(std::string& out, const person& who);
/// `"_acme":{"systemIdentifier":{"crmId":"…"}}`
void append_crm_id(std::string& out, std::string_view org_field, const person& who);

void append_crm(std::string& out, std::string_view org_field, const person& who, segment_list& segments,
                dice& chance);
void append_loyalty(std::string& out, std::string_view org_field, const person& who, dice& chance);
void append_web(std::string& out, std::string_view org_field, const person& who, dice& chance);

} // namespace waybill::generate
