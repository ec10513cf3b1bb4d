// What an engine lends to its attempts. All of it but `tell` belongs to the engine's thread; nothing of it
// throws but for memory.
#pragma once

#include <functional>
#include <string>

#include <waybill/spark_engine.hpp>

#include "spark/cluster.hpp"
#include "spark/http_client.hpp"

namespace waybill::spark {

struct surroundings {
    const spark_engine_options& options;
    const cluster& server;
    http_client& client;
    std::function<void()> tell;                        ///< there is something new to poll
    std::function<void(const std::string&)> no_answer; ///< the cluster cannot be asked, and why
    std::function<void()> answered;                    ///< it can
    std::function<void(const std::string&)> problem;   ///< what else an operator should know
};

} // namespace waybill::spark
