if(TARGET waybilld_http)
    waybill_tests(waybilld LINK waybilld_http nlohmann_json::nlohmann_json ZLIB::ZLIB
        PROPERTIES
            ENVIRONMENT "WAYBILL_EXCHANGES=${PROJECT_BINARY_DIR}/exchanges.ndjson"
            FIXTURES_SETUP exchanges
        SOURCES
        waybilld/byte_range.tests.cpp
        waybilld/chunk_reader.tests.cpp
        waybilld/client.cpp
        waybilld/connection.tests.cpp
        waybilld/connections.tests.cpp
        waybilld/credentials.tests.cpp
        waybilld/disasters.tests.cpp
        waybilld/events.tests.cpp
        waybilld/exchange_record.cpp
        waybilld/export.tests.cpp
        waybilld/files.tests.cpp
        waybilld/framing.tests.cpp
        waybilld/gateway.tests.cpp
        waybilld/gzip.tests.cpp
        waybilld/hostile_clients.tests.cpp
        waybilld/jobs_over_http.tests.cpp
        waybilld/listing.tests.cpp
        waybilld/metrics.tests.cpp
        waybilld/openapi.tests.cpp
        waybilld/options.tests.cpp
        waybilld/pace.tests.cpp
        waybilld/query.tests.cpp
        waybilld/routing.tests.cpp
        waybilld/stopping.tests.cpp
        waybilld/tenants.tests.cpp
        waybilld/waiting.tests.cpp)
    include(openapi.cmake)
endif()
