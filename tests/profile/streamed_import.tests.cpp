#include <catch2/catch.hpp>

#include <algorithm>
#include <streambuf>
#include <string>

#include "support/profile_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// Input that is made when it is read.
class endless_profiles final : public std::streambuf {
  public:
    endless_profiles(int count, bool array) : left_(count), array_(array) {}
    std::int64_t given() const { return given_; }

  private:
    int_type underflow() override {
        if (left_ == 0) return traits_type::eof();
        text_ = array_ ? (begun_ ? "," : "[") : "";
        begun_ = true;
        text_ += R"({"crm":)" + std::to_string(left_) + R"(,"text":")" + std::string(300, 'x') + "\"}";
        if (--left_ == 0 && array_) text_ += ']';
        text_ += '\n';
        given_ += static_cast<std::int64_t>(text_.size());
        setg(text_.data(), text_.data(), text_.data() + text_.size());
        return traits_type::to_int_type(text_.front());
    }

    int left_;
    bool array_;
    bool begun_ = false;
    std::int64_t given_ = 0;
    std::string text_;
};

} // namespace

TEST_CASE("An import keeps no more of its input in hand than it needs, of lines as of an array") {
    for (const bool array : {false, true}) {
        temp_profiles store;
        auto open = profile_store::open(store.file());
        REQUIRE(open);
        endless_profiles endless(30'000, array);
        std::istream input(&endless);
        import_options options;
        options.owner = acme;
        options.dataset_id = "crm";
        options.identities = {*parse_identity_path("crm=CRMID")};
        std::int64_t most_ahead = 0;
        options.on_progress = [&](const import_progress& now) {
            most_ahead = std::max(most_ahead, endless.given() - now.records * 318);
        };
        const auto got = open->import_profiles(input, options);
        REQUIRE(got);
        CHECK(got->added == 30'000);
        CHECK(endless.given() > 9'000'000);
        CHECK(most_ahead < 4'000'000);
    }
}
