// Other projects' queues as contestants. A peer is a program `<folder>/<name>` that is told an operation, a
// number and a directory, and prints one line: `{"operations":…,"seconds":…}`, or `{}` when it has no such
// operation. tools/bench/run builds them; where there are none, their rows are not measured. One thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "race.hpp"

namespace waybill::bench {

struct peer {
    std::string name{};
    std::filesystem::path program{};
};

class peers {
  public:
    /// The programs in the folder; none when it is empty or not there.
    explicit peers(const std::filesystem::path& folder);

    /// One contestant a peer, by the name `peer: NAME, OPERATION`, that does the operation once a round.
    std::vector<contestant> doing(const std::string& operation, std::size_t count) const;

    bool has(const std::string& name) const;

    /// The contestant of one peer that is there, `NAME, OPERATION`: it finds each file under its name in its
    /// directory.
    contestant doing(const std::string& name, const std::string& operation, std::size_t count,
                     const std::vector<std::pair<std::string, std::filesystem::path>>& files) const;

    /// How to start that peer's server over files in a directory; nothing when the peer is not there.
    std::vector<std::string> serving(const std::string& name, const std::filesystem::path& folder) const;

  private:
    std::vector<peer> all_;
};

/// What a program writes to its standard output, to its end. Throws when it cannot be started or fails.
std::string output_of(const std::vector<std::string>& command);

/// The contestants whose names begin so, as one: in each round the best of them, and the name of the one with
/// the best median. Without rates when there is none.
struct best_peer {
    std::string name{};
    std::vector<double> rates{};
};
best_peer best_of(const race_rates& rates, const std::string& prefix);

/// Of a contestant that may not be there: then there are none.
std::vector<double> rates_of(const race_rates& rates, const std::string& name);

/// What the names of peers' contestants begin with.
inline constexpr const char* peer_prefix = "peer: ";

} // namespace waybill::bench
