#include "machine.hpp"

#include <fstream>
#include <thread>

#include <sqlite3.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

namespace waybill::bench {
namespace {

std::string cpu_model() {
    std::ifstream lines("/proc/cpuinfo");
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("model name"))
            if (const auto colon = line.find(": "); colon != std::string::npos) return line.substr(colon + 2);
    return "unknown";
}

/// The type of the deepest mount that the directory is below.
std::string filesystem_of(const std::filesystem::path& data) {
    const auto place = std::filesystem::canonical(data).string() + '/';
    std::ifstream lines("/proc/self/mounts");
    std::string device;
    std::string mount;
    std::string type;
    std::string best_mount;
    std::string best = "unknown";
    for (std::string rest; lines >> device >> mount >> type && std::getline(lines, rest);) {
        const auto below = mount == "/" ? mount : mount + '/';
        if (!place.starts_with(below) || below.size() < best_mount.size()) continue;
        best_mount = below;
        best = type;
    }
    return best;
}

} // namespace

machine this_machine(const std::filesystem::path& data) {
    machine here;
    here.cpu = cpu_model();
    here.cores = std::thread::hardware_concurrency();
    struct sysinfo memory {};
    if (::sysinfo(&memory) == 0)
        here.memory_bytes = static_cast<std::int64_t>(memory.totalram) * memory.mem_unit;
    struct utsname system {};
    if (::uname(&system) == 0) here.kernel = std::string(system.sysname) + ' ' + system.release;
    here.filesystem = filesystem_of(data);
    here.on_disk = here.filesystem != "tmpfs" && here.filesystem != "ramfs";
    here.sqlite = sqlite3_libversion();
    return here;
}

} // namespace waybill::bench
