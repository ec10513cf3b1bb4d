// Records of one profile after the other, in documents whose memory is used again. One thread. Throws
// `store_failure` for a text that is no JSON, which an import lets nobody keep.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <vector>

#include <waybill/result.hpp>

#include "json/document.hpp"
#include "json/field_tree.hpp"

namespace waybill::profile {

[[noreturn]] inline void unreadable_record() {
    throw store_failure(store_failure::kind::corrupt, "a record of the profile store is not readable");
}

class parsed_texts {
  public:
    void clear() { roots_.clear(); }
    json::value add(const std::string& text, const json::field_tree& fields = {}) {
        if (roots_.size() == documents_.size()) documents_.emplace_back();
        auto& document = documents_[roots_.size()];
        if (document.parse_again(text, fields)) unreadable_record();
        roots_.reserve(roots_.size() + 2); // nothing moves when one is added for a while
        return roots_.emplace_back(document.root());
    }
    /// One that stands in a document of somebody else's.
    void add_root(json::value root) { roots_.push_back(root); }
    void remove_last() { roots_.pop_back(); }
    std::span<const json::value> roots() const { return roots_; }

  private:
    std::deque<json::document> documents_;
    std::vector<json::value> roots_;
};

} // namespace waybill::profile
