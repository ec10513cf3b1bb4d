#include "command_failure.hpp"

namespace waybill::tool {

command_failure as_command_failure(const failure& reason) {
    auto message = reason.message;
    for (const auto& finding : reason.findings)
        message += "\n  " + finding.path + ": " + finding.message;
    switch (reason.code) {
    case errc::not_found: return {exit_not_found, message};
    case errc::owned_elsewhere: return {exit_owned_elsewhere, message};
    case errc::invalid:
    case errc::conflict:
    case errc::exists:
    case errc::too_late:
    case errc::overloaded:
    case errc::too_many: break;
    }
    return {exit_failed, message};
}

} // namespace waybill::tool
