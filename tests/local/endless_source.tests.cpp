#include <catch2/catch.hpp>

#include <atomic>
#include <functional>

#include <waybill/local_engine.hpp>

#include "support/engine_workshop.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// Profiles without an end, which tell how many of them have been read.
struct endless_source final : profile_source {
    std::function<void(std::int64_t)> on_read;
    std::atomic<std::int64_t> read = 0;

    struct reader_of_one final : profile_reader {
        endless_source& from;
        explicit reader_of_one(endless_source& of) : from(of) {}
        std::optional<exported_row> read(std::int64_t) override {
            from.on_read(++from.read);
            return exported_row{R"({"and":"so on"})", {}, {}, false};
        }
    };
    struct scan_without_end final : profile_scan {
        endless_source& from;
        std::size_t readers;
        scan_without_end(endless_source& of, std::size_t most) : from(of), readers(most) {}
        std::int64_t candidates() const override { return 1; }
        std::vector<std::int64_t> next() override { return std::vector<std::int64_t>(100, 1); }
        std::unique_ptr<profile_reader> reader() override {
            if (readers == 0) return nullptr;
            --readers;
            return std::make_unique<reader_of_one>(from);
        }
    };

    std::optional<job_error> check(const new_export_job&) override { return std::nullopt; }
    std::unique_ptr<profile_scan> open(const tenant&, const new_export_job&, std::size_t readers) override {
        return std::make_unique<scan_without_end>(*this, readers);
    }
};

} // namespace

TEST_CASE("a cancel ends an export without an end at whichever row it comes, with one thread or several") {
    for (const std::size_t readers : {1U, 4U})
        for (const std::int64_t last : {1, 150, 60'000}) {
            engine_workshop w;
            const auto what = a_publication(7, 0);
            const auto source = std::make_shared<endless_source>();
            local_engine_options how{.profiles = {}, .datasets = w.root.path(), .threads = 1};
            how.readers = readers;
            how.source = source;
            local_engine engine(std::move(how));
            engine.on_news(w.told.listener());
            source->on_read = [&](std::int64_t count) {
                if (count == last) engine.cancel(what.key);
            };
            const auto report = w.run(engine, what);
            CHECK(report.state == attempt_state::cancelled);
            CHECK(source->read >= last);
            CHECK_FALSE(std::filesystem::exists(staging_of(w.root.path(), what)));
        }
}
