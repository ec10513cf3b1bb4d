#include <waybill/batch_id.hpp>

#include <charconv>
#include <system_error>

namespace waybill {

job_id job_of_batch(std::string_view batch_id) noexcept {
    if (batch_id.size() != 32 || batch_id.find_first_not_of("0123456789abcdef") != std::string_view::npos)
        return 0;
    const auto digits = batch_id.substr(16, 12); // migration 0002
    job_id job = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), job, 16);
    return job;
}

} // namespace waybill
