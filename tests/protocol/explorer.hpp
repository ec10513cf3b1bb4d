// Walks through everything that can happen in a world within its bounds: depth first while a host runs, each
// action undone before the next one is tried; what the host leaves when it falls waits for its own turn. A
// state that was seen before, however it came about, is not gone into again. Throws `broken_promise` with the
// actions that led to it.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "protocol/world.hpp"

namespace waybill::test {

class explorer {
  public:
    explicit explorer(const bounds& most) : world_(most) {}

    /// Sees everything, and then to it that each state comes to rest when the troubles end.
    void explore();

    std::size_t states() const { return nodes_.size(); }
    std::size_t fallen() const { return fallen_seen_; } ///< of the states, those in which no host runs
    std::size_t transitions() const { return transitions_; }
    std::size_t longest_way_to_rest() const { return longest_way_; }

  private:
    using node_id = std::uint32_t;
    static constexpr node_id none = UINT32_MAX;
    struct node {
        node_id parent = none;
        std::string action{}; ///< that led here first
        node_id next = none;  ///< without troubles
        bool at_rest = false;
    };
    struct waiting {
        node_id id;
        fallen_host host;
    };

    void start(waiting one);
    void expand(node_id at);
    node_id go_on(node_id at, const moment& before);
    void let_engine_fail(node_id at, const moment& before);
    void let_publisher_fail(node_id at, const moment& before);
    void meddle(node_id at, const moment& before);
    template <class Step>
    node_id branch(node_id at, const moment& before, const std::string& action, Step step);
    /// The host falls in this very moment, as often as the bounds allow.
    void fall(node_id from, const std::string& action);
    node_id add_fallen(node_id from, const std::string& action, bool in_order, bool only_restore);
    std::pair<node_id, bool> add(const std::string& text, node_id from, const std::string& action);
    void see_to_rest();
    std::string story(node_id at) const;

    protocol_world world_;
    std::vector<node> nodes_;
    std::unordered_map<std::string, node_id> known_; ///< by the digest of a state's text
    std::vector<waiting> waiting_;
    std::size_t transitions_ = 0;
    std::size_t fallen_seen_ = 0;
    std::size_t longest_way_ = 0;
};

} // namespace waybill::test
