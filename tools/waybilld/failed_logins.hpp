// Counts the requests that do not prove who they are, and slows whoever guesses: after some wrong tokens or
// keys from one network within a minute, its further wrong ones are answered late and with 429. What is right
// never comes here, so nobody is locked out by somebody else's failures, as behind a proxy they would be.
// The memory is a table of fixed size. Any thread; throws nothing but for memory.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace waybill::http {

enum class login_failure { token_missing, token_invalid, key_missing, key_invalid };

inline constexpr std::array all_login_failures{login_failure::token_missing, login_failure::token_invalid,
                                               login_failure::key_missing, login_failure::key_invalid};

std::string_view to_text(login_failure why);

/// By `login_failure`.
using login_failure_counts = std::array<std::uint64_t, all_login_failures.size()>;

struct failed_login_options {
    std::size_t allowed = 10; ///< wrong tokens and keys of one network in a window that are answered as usual
    std::chrono::milliseconds window{60'000}; ///< from the first of them
    std::chrono::milliseconds delay{1'000};   ///< how long the answers to further ones are held back
    std::size_t networks = 4'096;             ///< remembered at once; a multiple of 4
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
    /// Hears of each network once a window, when it begins to be slowed.
    std::function<void(std::string_view address)> on_slowed = [](std::string_view) {};
};

class failed_logins {
  public:
    explicit failed_logins(failed_login_options options = {});

    struct slowed {
        std::chrono::seconds retry_after; ///< until the window ends, at least 1
        std::chrono::milliseconds delay;
    };

    /// Counts one. Whether it is to be slowed: what is only missing is no guess and never is.
    std::optional<slowed> count(login_failure why, std::string_view address);

    login_failure_counts counts() const;

  private:
    struct entry {
        std::uint64_t network = 0;
        std::chrono::steady_clock::time_point since;
        std::size_t failures = 0; ///< 0: nobody's
    };
    static constexpr std::size_t ways = 4;

    entry& entry_of(std::uint64_t network, std::chrono::steady_clock::time_point now);

    failed_login_options options_;
    std::uint64_t seed_; ///< so that nobody can choose addresses that push each other out
    mutable std::mutex guard_;
    std::vector<entry> entries_; ///< sets of `ways`; a network's place is one of its set
    login_failure_counts counts_{};
};

} // namespace waybill::http
