// The credentials file, which people edit: it is read or refused with a reason, the same when it is laid out
// anew, and never throws. The secrets that the seeds know open nothing that has expired.
#include <string>

#include <nlohmann/json.hpp>

#include "credentials.hpp"
#include "fuzz/invariant.hpp"

using namespace waybill;
using namespace waybill::fuzz;
using nlohmann::json;

namespace {

constexpr std::size_t short_enough = 2'048; ///< for a writer that calls itself at each depth

void look_up(const http::credential_book& book, timestamp now) {
    const auto* const found = book.find("token", now);
    if (found == nullptr) return;
    expect(!found->expires || now < *found->expires, "what has expired opens nothing");
    expect(found->token_sha256.size() == 64 && found->api_key_sha256.size() == 64, "digests are whole");
    expect(!found->has_key("") && !found->has_key("token"), "only the key opens");
    expect(!found->allows(http::role::admin) || found->allows(http::role::read), "roles include each other");
    if (!found->orgs.empty()) expect(found->has_org(found->orgs.front()), "an org is had");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = text_of(data, size);
    const auto book = http::credential_book::parse(text);
    if (book) {
        look_up(*book, {});
        look_up(*book, timestamp::max());
    } else {
        expect(!book.error().message.empty(), "a refusal says why");
    }
    if (size > short_enough) return 0;
    const auto document = json::parse(text, nullptr, false);
    if (document.is_discarded()) {
        expect(!book, "a book is JSON");
        return 0;
    }
    expect(http::credential_book::parse(document.dump(2)).ok() == book.ok(), "the layout says nothing");
    return 0;
}
