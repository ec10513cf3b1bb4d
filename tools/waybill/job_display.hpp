// Job documents as people read them. To stdout.
#pragma once

#include <string>

#include "job_source.hpp"

namespace waybill::tool {

void print_page(const std::string& page_document);
void print_job(const job_view& view);

} // namespace waybill::tool
