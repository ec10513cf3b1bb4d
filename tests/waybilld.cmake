if(TARGET waybilld_http)
    waybill_tests(waybilld LINK waybilld_http nlohmann_json::nlohmann_json SOURCES
        waybilld/client.cpp
        waybilld/connection.tests.cpp
        waybilld/credentials.tests.cpp
        waybilld/disasters.tests.cpp
        waybilld/events.tests.cpp
        waybilld/export.tests.cpp
        waybilld/failed_logins.tests.cpp
        waybilld/framing.tests.cpp
        waybilld/gateway.tests.cpp
        waybilld/jobs_over_http.tests.cpp
        waybilld/listing.tests.cpp
        waybilld/metrics.tests.cpp
        waybilld/options.tests.cpp
        waybilld/query.tests.cpp
        waybilld/reload.tests.cpp
        waybilld/roles.tests.cpp
        waybilld/routing.tests.cpp
        waybilld/stopping.tests.cpp
        support/certificate.cpp
        waybilld/tls.tests.cpp
        waybilld/tls_files.tests.cpp)
endif()
