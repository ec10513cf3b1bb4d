#include "people.hpp"

#include "record_file.hpp"
#include "words.hpp"

namespace waybill::generate {

namespace {

constexpr std::array<std::string_view, 3> genders{"female", "male", "non_specific"};
constexpr std::array<std::string_view, 3> tiers{"bronze", "silver", "gold"};
constexpr std::array<std::string_view, 3> devices{"mobile", "desktop", "tablet"};
constexpr std::array<std::string_view, 3> phone_types{"mobile", "home", "work"};

// Every key of a seed comes from its own stretch of numbers, so that none meets another.
std::uint64_t key(std::uint64_t seed, std::uint64_t kind, std::uint64_t number) {
    return scattered((kind << 56) + number + (scattered(seed) & 0x00ff'ffff'0000'0000U));
}

void open_org(std::string& out, std::string_view org_field) {
    out += '"';
    out += org_field;
    out += R"(":{"systemIdentifier":{)";
}

void append_hex_member(std::string& out, std::string_view opening, std::uint64_t number) {
    out += opening;
    append_hex(out, number, 16);
    out += '"';
}

void append_phones(std::string& out, dice& chance) {
    const auto count = chance.below(3);
    if (count == 0) return;
    out += R"(,"phones":[)";
    for (std::uint64_t i = 0; i < count; ++i) {
        out += i == 0 ? R"({"type":")" : R"(,{"type":")";
        out += chance.pick(phone_types);
        out += R"(","number":"+)";
        append_digits(out, 351'000'000'000 + chance.below(1'000'000'000), 12);
        out += "\"}";
    }
    out += ']';
}

void append_consents(std::string& out, dice& chance) {
    out += R"(,"consents":{"marketing":{"email":{"val":")";
    out += chance.percent(70) ? 'y' : 'n';
    out += R"("},"sms":{"val":")";
    out += chance.percent(30) ? 'y' : 'n';
    out += "\"}}}";
}

void append_home(std::string& out, dice& chance) {
    const auto& home = chance.pick(places);
    out += R"(,"homeAddress":{"street1":")";
    out += home.street;
    out += ' ';
    append_number(out, 1 + chance.below(200));
    out += R"(","postalCode":")";
    append_digits(out, chance.below(100'000), 5);
    out += R"(","city":")";
    out += home.city;
    out += R"(","countryCode":")";
    out += home.country;
    out += "\"}";
}

} // namespace

person nth_person(std::uint64_t seed, std::uint64_t number, dice& chance) {
    return {key(seed, 1, number), key(seed, 2, number), key(seed, 3, number), number, chance.percent(20)};
}

std::uint64_t anonymous_ecid(std::uint64_t seed, std::uint64_t number) { return key(seed, 4, number); }

void append_ecid(std::string& out, std::uint64_t ecid) {
    append_digits(out, scattered(ecid) % 1'000'000'000'000'000'000, 18);
    append_digits(out, ecid, 20);
}

void append_email(std::string& out, const person& who) {
    static constexpr std::array<std::string_view, 8> local{"ana",  "joe",  "li",  "max",
                                                           "noor", "olga", "raj", "yui"};
    out += local[who.number % local.size()];
    out += '.';
    append_number(out, who.number);
    out += who.number % 3 == 0 ? "@example.org" : "@example.com";
}

void append_crm_id(std::string& out, std::string_view org_field, const person& who) {
    open_org(out, org_field);
    append_hex_member(out, R"("crmId":")", who.crm);
    out += "}}";
}

void append_crm(std::string& out, std::string_view org_field, const person& who, segment_list& segments,
                dice& chance) {
    const auto& names = chance.pick(scripts);
    out += '{';
    open_org(out, org_field);
    append_hex_member(out, R"("crmId":")", who.crm);
    if (who.linked) append_hex_member(out, R"(,"loyaltyId":")", who.loyalty);
    out += R"(}},"identityMap":{"Email":[{"id":")";
    append_email(out, who);
    out += R"("}]},"person":{"name":{"firstName":")";
    out += chance.pick(names.given);
    out += R"(","lastName":")";
    out += chance.pick(names.family);
    out += R"("},"gender":")";
    out += chance.pick(genders);
    out += R"(","birthDate":")";
    append_date(out, -9'270 + static_cast<std::int64_t>(chance.below(23'000)));
    out += R"("},"personalEmail":{"address":")";
    append_email(out, who);
    out += "\"}";
    append_home(out, chance);
    append_phones(out, chance);
    append_consents(out, chance);
    const auto before = out.size();
    out += R"(,"segmentMembership":)";
    if (!segments.append_memberships(out, chance)) out.resize(before);
    out += '}';
}

void append_loyalty(std::string& out, std::string_view org_field, const person& who, dice& chance) {
    out += '{';
    open_org(out, org_field);
    append_hex_member(out, R"("loyaltyId":")", who.loyalty);
    if (!who.linked) append_hex_member(out, R"(,"crmId":")", who.crm);
    out += R"(}},"loyalty":{"tier":")";
    out += chance.pick(tiers);
    out += R"(","points":)";
    append_number(out, chance.below(50'000));
    out += R"(,"balance":)";
    append_price(out, chance.below(20'000));
    out += R"(,"joinDate":")";
    append_date(out, 16'000 + static_cast<std::int64_t>(chance.below(4'000)));
    out += "\"}}";
}

void append_web(std::string& out, std::string_view org_field, const person& who, dice& chance) {
    out += '{';
    if (!who.linked) {
        append_crm_id(out, org_field, who);
        out += ',';
    }
    out += R"("identityMap":{"ECID":[{"id":")";
    append_ecid(out, who.ecid);
    out += who.linked ? R"(","primary":true}],"Email":[{"id":")" : R"("}])";
    if (who.linked) {
        append_email(out, who);
        out += R"("}])";
    }
    out += R"(},"device":{"type":")";
    out += chance.pick(devices);
    out += R"("},"productInterests":[)";
    const auto count = chance.below(4);
    for (std::uint64_t i = 0; i < count; ++i) {
        out += i == 0 ? "\"" : ",\"";
        out += chance.pick(products).name;
        out += '"';
    }
    out += R"(],"lastVisit":")";
    append_moment(out, first_qualification + static_cast<std::int64_t>(chance.below(63'158'400)));
    out += "\"}";
}

} // namespace waybill::generate
