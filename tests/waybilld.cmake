if(TARGET waybilld_http)
    waybill_tests(waybilld LINK waybilld_http nlohmann_json::nlohmann_json ZLIB::ZLIB
        PROPERTIES
            ENVIRONMENT "WAYBILL_EXCHANGES=${PROJECT_BINARY_DIR}/exchanges.ndjson"
            FIXTURES_SETUP exchanges
        SOURCES
        waybilld/audit.tests.cpp
        waybilld/byte_range.tests.cpp
        waybilld/chunk_reader.tests.cpp
        waybilld/client.cpp
        waybilld/configuration.tests.cpp
        waybilld/connection.tests.cpp
        waybilld/connections.tests.cpp
        waybilld/credentials.tests.cpp
        waybilld/dataset_formats.tests.cpp
        waybilld/disasters.tests.cpp
        waybilld/events.tests.cpp
        waybilld/exchange_record.cpp
        waybilld/exposition.cpp
        waybilld/export.tests.cpp
        waybilld/failed_logins.tests.cpp
        waybilld/files.tests.cpp
        waybilld/framing.tests.cpp
        waybilld/gateway.tests.cpp
        waybilld/gzip.tests.cpp
        waybilld/health.tests.cpp
        waybilld/hostile_clients.tests.cpp
        waybilld/jobs_over_http.tests.cpp
        waybilld/listing.tests.cpp
        waybilld/metrics.tests.cpp
        waybilld/openapi.tests.cpp
        waybilld/options.tests.cpp
        waybilld/pace.tests.cpp
        waybilld/problems.tests.cpp
        waybilld/query.tests.cpp
        waybilld/reload.tests.cpp
        waybilld/request_log.tests.cpp
        waybilld/roles.tests.cpp
        waybilld/segment_jobs.tests.cpp
        waybilld/segments.tests.cpp
        waybilld/routing.tests.cpp
        spark/spark_server.cpp
        waybilld/spark.tests.cpp
        waybilld/stopping.tests.cpp
        support/certificate.cpp
        waybilld/tenants.tests.cpp
        waybilld/tls.tests.cpp
        waybilld/tls_files.tests.cpp
        waybilld/waiting.tests.cpp)
    target_compile_definitions(waybilld_tests PRIVATE WAYBILL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    include(openapi.cmake)
endif()
