if(TARGET waybilld)
    waybill_tests(crash LINK waybill::engine nlohmann_json::nlohmann_json
        SOURCES
            crash/kill_moments.tests.cpp
            support/program.cpp)
    target_compile_definitions(crash_tests PRIVATE WAYBILLD="$<TARGET_FILE:waybilld>")
    add_dependencies(crash_tests waybilld)

    # A preloaded library and a sanitizer's own do not go together.
    if(NOT "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_DEBUG}" MATCHES "-fsanitize")
        include(sweep.cmake)
    endif()
endif()
