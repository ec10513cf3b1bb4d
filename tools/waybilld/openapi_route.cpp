#include "openapi_route.hpp"

#include "jobs_routes.hpp"
#include "preferences.hpp"
#include "problem.hpp"

namespace waybill::http {

boost::asio::awaitable<response> show_description(services&, const call& made) {
    static const auto tag = entity_tag(openapi_json());
    response answer;
    if (has_already(made.asked, tag))
        answer.status = 304;
    else
        answer = json_answer(std::string(openapi_json()));
    answer.headers.emplace_back("ETag", tag);
    co_return answer;
}

} // namespace waybill::http
