// A strict reader of the text format that Prometheus scrapes (version 0.0.4), with the rules of its naming:
// what a test takes for a monitor. Throws `std::runtime_error` where the text breaks a rule.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace waybill::test {

class exposition {
  public:
    explicit exposition(const std::string& text);

    /// The value of a series as it is written, labels and all.
    double operator[](const std::string& series) const { return values_.at(series); }
    bool has(const std::string& series) const { return values_.contains(series); }
    const std::map<std::string, double>& all() const { return values_; }
    /// `counter`, `gauge` or `histogram`.
    std::string type(const std::string& family) const { return types_.at(family); }

  private:
    struct sample {
        std::string name;
        std::map<std::string, std::string> labels;
        double value = 0;
    };

    void read_comment(const std::string& line);
    void read_sample(const std::string& line);
    void check_family() const;
    void check_histogram() const;

    std::string family_; ///< the one that is being read, and its samples
    std::vector<sample> samples_;
    std::map<std::string, std::string> helps_;
    std::map<std::string, std::string> types_;
    std::map<std::string, double> values_;
};

} // namespace waybill::test
