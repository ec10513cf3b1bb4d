// Writes the text format that Prometheus reads: each family after its own HELP and TYPE. Belongs to one
// thread; throws nothing but for memory.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace waybill::http {

/// The unit in which integers were observed, against the base unit that they are told in.
enum class unit { one, milliseconds, microseconds };

class metrics_writer {
  public:
    void begin(std::string_view name, std::string_view type, std::string_view help);
    /// `labels` is what stands between the braces; our own constants, which need no escaping.
    void sample(std::string_view labels, std::string_view value) { sample({}, labels, value); }
    void sample(std::string_view labels, std::int64_t value) { sample(labels, std::to_string(value)); }

    void gauge(std::string_view name, std::string_view help, std::int64_t value);
    void counter(std::string_view name, std::string_view help, std::int64_t value);

    /// One series of a histogram: `counts` has one place more than `bounds`, and is not cumulative.
    void series(std::string_view labels, std::span<const std::int64_t> bounds,
                std::span<const std::int64_t> counts, std::int64_t sum, unit of);

    std::string take() { return std::move(text_); }

  private:
    void sample(std::string_view suffix, std::string_view labels, std::string_view value);

    std::string_view name_;
    std::string text_;
};

/// `label="value"`; of our own constants, which need no escaping.
std::string label(std::string_view name, std::string_view value);

/// As a decimal of the base unit: 1500 milliseconds are `1.500`.
std::string in_base_unit(std::int64_t value, unit of);

} // namespace waybill::http
