#include <catch2/catch.hpp>

#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <sys/inotify.h>
#include <unistd.h>

#include "support/engine_workshop.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// What happens to the files of a directory, in its order, as the kernel tells it.
class directory_watch {
  public:
    explicit directory_watch(const std::filesystem::path& directory)
        : handle_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
        if (::inotify_add_watch(handle_, directory.c_str(), IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE) < 0)
            throw std::runtime_error("a directory cannot be watched");
    }
    directory_watch(const directory_watch&) = delete;
    directory_watch& operator=(const directory_watch&) = delete;
    ~directory_watch() { ::close(handle_); }

    /// `+ name` when it is there from then on, `name` when it has been written.
    std::vector<std::string> told() const {
        std::vector<std::string> all;
        alignas(inotify_event) std::array<char, 16'384> buffer;
        for (;;) {
            const auto length = ::read(handle_, buffer.data(), buffer.size());
            if (length <= 0) return all;
            for (std::size_t at = 0; at < static_cast<std::size_t>(length);) {
                const auto* const one = reinterpret_cast<const inotify_event*>(buffer.data() + at);
                all.push_back(((one->mask & IN_CLOSE_WRITE) != 0 ? "" : "+ ") + std::string(one->name));
                at += sizeof(inotify_event) + one->len;
            }
        }
    }

  private:
    int handle_;
};

} // namespace

TEST_CASE("a batch's manifest is written when its parts are, and _SUCCESS at the very end") {
    engine_workshop w;
    w.profiles.profiles(many_profiles(3));
    const auto what = a_publication(7, 0);
    const auto batch = staging_of(w.root.path(), what) / dataset::batch_name(what.job.batches[0].batch_id);
    std::optional<directory_watch> watch;
    const auto engine = w.engine();
    // The first news come when the batches have been begun and no row is written.
    engine->on_news([&] {
        if (!watch) watch.emplace(batch);
        w.told.listener()();
    });
    REQUIRE(w.run(*engine, what).state == attempt_state::staged);
    auto told = watch.value().told();
    // The part is opened for each piece and once more to be synced.
    while (told.size() > 1 && told[1] == told[0])
        told.erase(told.begin());
    CHECK(told == std::vector<std::string>{"part-00000.ndjson", "+ manifest.json", "manifest.json",
                                           "+ _SUCCESS", "_SUCCESS"});
}
