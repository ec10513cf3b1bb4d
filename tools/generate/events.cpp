#include "events.hpp"

#include "record_file.hpp"
#include "words.hpp"

namespace waybill::generate {

namespace {

constexpr std::array<std::string_view, 5> pages{"home", "search", "product", "cart", "account"};
constexpr std::array<std::string_view, 3> currencies{"EUR", "USD", "BRL"};

void open_event(std::string& out, std::uint64_t seed, std::uint64_t number, dice& chance) {
    out += R"({"_id":")";
    append_hex(out, scattered(number ^ scattered(seed)), 16);
    out += R"(","timestamp":")";
    append_moment(out, first_qualification + static_cast<std::int64_t>(chance.below(63'158'400)));
    out += "\",";
}

void append_ecid_map(std::string& out, std::uint64_t ecid) {
    out += R"("identityMap":{"ECID":[{"id":")";
    append_ecid(out, ecid);
    out += R"(","primary":true}]})";
}

void append_page_view(std::string& out, dice& chance) {
    const auto& page = chance.pick(pages);
    out += R"(,"eventType":"web.webpagedetails.pageViews","web":{"webPageDetails":{"name":")";
    out += page;
    out += R"(","URL":"https://shop.example/)";
    out += page;
    out += R"(","pageViews":{"value":1}}})";
}

void append_order(std::string& out, std::uint64_t number, dice& chance) {
    const auto& currency = chance.pick(currencies);
    std::uint64_t total = 0;
    out += R"(,"eventType":"commerce.purchases","productListItems":[)";
    const auto lines = 1 + chance.below(3);
    for (std::uint64_t i = 0; i < lines; ++i) {
        const auto& sold = chance.pick(products);
        const auto quantity = 1 + chance.below(3);
        const auto price = quantity * (250 + 50 * chance.below(400));
        total += price;
        out += i == 0 ? R"({"SKU":")" : R"(,{"SKU":")";
        out += sold.sku;
        out += R"(","name":")";
        out += sold.name;
        out += R"(","quantity":)";
        append_number(out, quantity);
        out += R"(,"priceTotal":)";
        append_price(out, price);
        out += '}';
    }
    out += R"(],"commerce":{"purchases":{"value":1},"order":{"purchaseID":"PO-)";
    append_number(out, number);
    out += R"(","currencyCode":")";
    out += currency;
    out += R"(","priceTotal":)";
    append_price(out, total);
    out += "}}";
}

} // namespace

void append_event(std::string& out, std::uint64_t seed, std::string_view org_field, const person& who,
                  std::uint64_t number, dice& chance) {
    open_event(out, seed, number, chance);
    if (who.linked && chance.percent(50))
        append_ecid_map(out, who.ecid);
    else
        append_crm_id(out, org_field, who);
    if (chance.percent(40))
        append_order(out, number, chance);
    else
        append_page_view(out, chance);
    out += '}';
}

void append_anonymous_event(std::string& out, std::uint64_t seed, std::uint64_t ecid, std::uint64_t number,
                            dice& chance) {
    open_event(out, seed, number, chance);
    append_ecid_map(out, ecid);
    append_page_view(out, chance);
    out += '}';
}

} // namespace waybill::generate
