// A segment store in a directory of its own, with a clock that a test moves, and definitions as tests need
// them.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <waybill/segment_store.hpp>

#include "support/a_job.hpp"
#include "support/temp_directory.hpp"

namespace waybill::test {

/// What a create needs, and nothing else.
inline segment_changes a_segment(std::string name, std::string expression = "person.age > 17") {
    segment_changes made;
    made.name = std::move(name);
    made.expression = std::move(expression);
    made.schema = segment_schema{"_xdm.context.profile", std::nullopt};
    return made;
}

class temp_segments {
  public:
    temp_segments() { open(); }

    segment_store* operator->() { return &*store_; }
    std::filesystem::path file() const { return directory_ / "segments.db"; }

    void open() {
        store_.emplace(segment_store::open({file(), [this] { return now; }}).value());
    }
    void close() { store_.reset(); }

    /// A second later, each; answers the definition's id.
    std::string add(const segment_changes& what, const std::optional<std::string>& id = {},
                    const tenant& owner = acme) {
        now += std::chrono::seconds(1);
        return (*this)->create(owner, what, id).value().id;
    }

    timestamp now{std::chrono::milliseconds{1'700'000'000'000}};

  private:
    temp_directory directory_;
    std::optional<segment_store> store_;
};

} // namespace waybill::test
