#include "pace.hpp"

#include <algorithm>

namespace waybill::http {

void pace::moved(std::size_t bytes, clock::time_point now) {
    using seconds = std::chrono::duration<double>;
    const auto most = now + credit_;
    const seconds earned{static_cast<double>(bytes) / static_cast<double>(least_rate_)};
    end_ = earned >= seconds(credit_)
               ? most
               : std::min(most, end_ + std::chrono::duration_cast<clock::duration>(earned));
}

std::chrono::milliseconds pace::left(clock::time_point now) const {
    using std::chrono::milliseconds;
    return std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(end_ - now));
}

} // namespace waybill::http
