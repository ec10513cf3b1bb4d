#include "evaluated_segments.hpp"

#include <array>

#include <waybill/segment_store.hpp>

#include "engine_export.hpp"
#include "stored_profiles.hpp"
#include "workload.hpp"

namespace waybill::bench {
namespace {

constexpr std::array conditions{
    segment_condition{"city-and-tier", R"(homeAddress.city = "Lisboa" and loyalty.tier = "gold")"},
    segment_condition{"first-name", R"(person.name.firstName = "Anna")"},
    segment_condition{"last-name", R"(person.name.lastName.startsWith("Gon"))"},
    segment_condition{
        "gender",
        R"(person.gender = "female" and homeAddress.countryCode = "JP" and loyalty.tier = "silver")"},
    segment_condition{"points", "loyalty.points < 500"},
    segment_condition{"balance", "loyalty.balance > 198"},
    segment_condition{"joined", "loyalty.joinDate occurs before date(2013, 12, 1)"},
    segment_condition{"young", "person.birthDate occurs after date(2007, 1, 1)"},
    segment_condition{"postal-code", R"(homeAddress.postalCode.startsWith("04"))"},
    segment_condition{"consents", R"(consents.marketing.email.val = "n" and consents.marketing.sms.val = "y")"
                                  R"( and homeAddress.city = "東京")"},
    segment_condition{"street",
                      R"(homeAddress.street1.endsWith(" 7") or homeAddress.street1.endsWith(" 8"))"},
    segment_condition{"email", R"(personalEmail.address.startsWith("yui.") and device.type = "tablet")"
                               R"( and homeAddress.countryCode in ["PT", "BR", "DE"])"},
    segment_condition{"interests",
                      R"(productInterests.count() = 3 and productInterests.includes("Trail shoe"))"
                      R"( and loyalty.tier = "gold" and device.type = "mobile")"},
    segment_condition{"one-interest", R"(productInterests.includes("寝袋") and person.gender = "male")"
                                      R"( and homeAddress.countryCode in ["DE", "PL", "TR"])"},
    segment_condition{"phones", R"(phones.count() = 2 and phones.exists(type = "work"))"
                                R"( and homeAddress.countryCode = "KR")"},
    segment_condition{"visit", R"(device.type = "tablet" and lastVisit occurs <= 21 days before now)"},
    segment_condition{"domain",
                      R"(personalEmail.address.endsWith("@example.org", false))"
                      R"( and homeAddress.city.contains("ão") and consents.marketing.email.val = "n")"},
    segment_condition{"like", R"(homeAddress.city like "M%" and loyalty.points >= 45000)"},
    segment_condition{"names",
                      R"(person.name.firstName in ["John", "Mary"] and consents.marketing.sms.val = "y")"},
    segment_condition{"birthday",
                      "person.birthDate.getMonth() = 2 and person.birthDate.getDayOfMonth() in [1, 2, 3]"}};
static_assert(conditions.size() == 20);

constexpr std::array literals{R"("city":"Lisboa")", R"("tier":"gold")"};

void define(segment_store& in, const segment_condition& what) {
    segment_changes fresh;
    fresh.name = what.id;
    fresh.expression = what.expression;
    fresh.schema = {"_xdm.context.profile", {}};
    in.create(profiles_owner, fresh, what.id).value();
}

} // namespace

std::span<const segment_condition> attribute_conditions() { return conditions; }

std::span<const char* const> literals_of_the_first() { return literals; }

const char* const first_for_jq = R"(select(.homeAddress.city == "Lisboa" and .loyalty.tier == "gold"))";

const segment_condition event_chain{
    "chain",
    R"(chain(xEvent, timestamp, [A: WHAT(eventType = "commerce.purchases") WHEN(<= 90 days before now),)"
    R"( B: WHAT(web.webPageDetails.name = "account")]))"};

std::filesystem::path segment_store_of(const bench& in) {
    const auto file = in.folder / "inputs" / "segments.db";
    if (std::filesystem::exists(file)) return file;
    std::filesystem::create_directories(file.parent_path());
    auto store = segment_store::open({.file = file}).value();
    for (const auto& one : conditions)
        define(store, one);
    define(store, event_chain);
    return file;
}

new_export_job evaluation_of(std::span<const segment_condition> which,
                             const std::vector<membership_status>& exported) {
    auto request = export_of_all();
    request.fields = "person.name.firstName,personalEmail.address";
    request.evaluate_segments = true;
    auto& segments = request.filter.emplace().segments;
    for (const auto& one : which)
        segments.push_back({one.id, "ups", exported});
    return request;
}

} // namespace waybill::bench
