#include "failed_logins.hpp"

#include <algorithm>
#include <random>
#include <span>
#include <string>

#include <boost/asio/ip/address.hpp>

#include "peer_address.hpp"

namespace waybill::http {

namespace {

/// The last step of splitmix64: every bit of the number moves about half of the others.
std::uint64_t mixed(std::uint64_t number) {
    number = (number ^ (number >> 30U)) * 0xbf58476d1ce4e5b9U;
    number = (number ^ (number >> 27U)) * 0x94d049bb133111ebU;
    return number ^ (number >> 31U);
}

std::uint64_t random_seed() {
    std::random_device source;
    return std::uint64_t{source()} << 32U | source();
}

bool is_guess(login_failure why) {
    return why == login_failure::token_invalid || why == login_failure::key_invalid;
}

} // namespace

std::string_view to_text(login_failure why) {
    switch (why) {
    case login_failure::token_missing: return "token_missing";
    case login_failure::token_invalid: return "token_invalid";
    case login_failure::key_missing: return "key_missing";
    case login_failure::key_invalid: return "key_invalid";
    }
    return "unknown";
}

failed_logins::failed_logins(failed_login_options options)
    : options_(std::move(options)),
      seed_(random_seed()),
      entries_(std::max<std::size_t>(options_.networks / ways, 1) * ways) {}

/// Its own, else one whose window is over, else the one with the fewest failures: so a flood of networks that
/// fail once each does not make the host forget one that goes on.
failed_logins::entry& failed_logins::entry_of(std::uint64_t network,
                                              std::chrono::steady_clock::time_point now) {
    const auto set = mixed(network ^ seed_) % (entries_.size() / ways);
    const auto places = std::span(entries_).subspan(set * ways, ways);
    const auto weight = [&](const entry& one) {
        return one.failures > 0 && now - one.since < options_.window ? one.failures : 0;
    };
    auto* least = places.data();
    for (auto& one : places) {
        if (one.failures > 0 && one.network == network) {
            if (weight(one) == 0) one = {network, now, 0};
            return one;
        }
        if (weight(one) < weight(*least)) least = &one;
    }
    *least = {network, now, 0};
    return *least;
}

std::optional<failed_logins::slowed> failed_logins::count(login_failure why, std::string_view address) {
    boost::system::error_code unknown; // then it counts as the unspecified address
    const auto network = network_of(boost::asio::ip::make_address(std::string(address), unknown));
    const auto now = options_.now();
    bool first = false;
    std::chrono::steady_clock::duration left{};
    {
        const std::lock_guard lock(guard_);
        ++counts_[static_cast<std::size_t>(why)];
        if (!is_guess(why)) return std::nullopt;
        auto& known = entry_of(network, now);
        ++known.failures;
        if (known.failures <= options_.allowed) return std::nullopt;
        first = known.failures == options_.allowed + 1;
        left = known.since + options_.window - now;
    }
    if (first) options_.on_slowed(address);
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(left);
    return slowed{std::max(seconds, std::chrono::seconds{1}), options_.delay};
}

login_failure_counts failed_logins::counts() const {
    const std::lock_guard lock(guard_);
    return counts_;
}

} // namespace waybill::http
