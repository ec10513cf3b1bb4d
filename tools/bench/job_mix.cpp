#include "job_mix.hpp"

#include <array>
#include <string>
#include <string_view>

namespace waybill::bench {
namespace {

constexpr std::array<std::string_view, 12> stems{"person.name.",
                                                 "homeAddress.",
                                                 "workAddress.",
                                                 "mobilePhone.",
                                                 "personalEmail.",
                                                 "_acme.loyalty.",
                                                 "_acme.systemIdentifier.",
                                                 "consents.marketing.",
                                                 "testProfile.metadata.",
                                                 "_acme.preferences.",
                                                 "identityMap.ECID.",
                                                 "extSourceSystemAudit."};
constexpr std::array<std::string_view, 10> leaves{
    "firstName", "lastName", "postalCode", "countryCode", "lastUpdate",
    "primary",   "status",   "createdBy",  "statusCode",  "value",
};

class draw {
  public:
    explicit draw(std::uint64_t seed) : state_(scattered(seed)) {}
    std::uint64_t bits() { return scattered(state_ += 0x9e3779b97f4a7c15U); }
    std::uint64_t below(std::uint64_t bound) { return ((bits() >> 32U) * bound) >> 32U; }

  private:
    std::uint64_t state_;
};

std::string uuid_of(std::uint64_t number) {
    const auto text = hex(scattered(number), 16) + hex(scattered(~number), 16);
    return text.substr(0, 8) + '-' + text.substr(8, 4) + '-' + text.substr(12, 4) + '-' + text.substr(16, 4) +
           '-' + text.substr(20);
}

std::string fields_of(draw& chance) {
    std::string fields;
    while (fields.size() < 830) {
        if (!fields.empty()) fields += ',';
        fields += stems[chance.below(stems.size())];
        fields += leaves[chance.below(leaves.size())];
    }
    return fields;
}

new_export_job request_of(const job_mix_options& how, draw& chance) {
    new_export_job request;
    request.fields = fields_of(chance);
    auto& filter = request.filter.emplace();
    const auto first = chance.below(how.segments);
    const auto second = (first + 1 + chance.below(how.segments - 1)) % how.segments;
    for (const auto segment : {first, second})
        filter.segments.push_back(
            {uuid_of(how.seed + segment), "ups", {membership_status::realized, membership_status::existing}});
    request.dataset_id = hex(scattered(how.seed * 31 + chance.below(how.datasets)), 16) + "21ba9df0";
    request.schema_name = "_xdm.context.profile";
    request.request_id = uuid_of(chance.bits());
    return request;
}

} // namespace

job_mix::job_mix(const job_mix_options& how) {
    draw chance(how.seed);
    requests_.reserve(how.requests);
    for (std::size_t i = 0; i < how.requests; ++i)
        requests_.push_back(request_of(how, chance));
}

std::string hex(std::uint64_t number, std::size_t width) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text(width, '0');
    for (auto at = text.rbegin(); at != text.rend(); ++at, number >>= 4U)
        *at = digits[number & 0xFU];
    return text;
}

} // namespace waybill::bench
