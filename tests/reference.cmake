# The exports of the embedded engine against a reference that was written from the specification alone.
add_executable(run_scenarios reference/run_scenarios.cpp)
target_compile_features(run_scenarios PRIVATE cxx_std_20)
target_include_directories(run_scenarios PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
target_link_libraries(run_scenarios PRIVATE waybill::engine waybill::json nlohmann_json::nlohmann_json Threads::Threads)

# The same of the segment query language.
add_executable(run_expressions reference/run_expressions.cpp support/segment_case.cpp)
target_compile_features(run_expressions PRIVATE cxx_std_20)
target_include_directories(run_expressions PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/lib/src")
target_link_libraries(run_expressions PRIVATE waybill::json)

add_dependencies(tests run_scenarios run_expressions)

find_package(Python3 COMPONENTS Interpreter)
if(Python3_FOUND)
    add_test(NAME "reference:the reference does what the sentences of its cases say"
        COMMAND "${Python3_EXECUTABLE}" -B -m unittest
        WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/reference")
    add_test(NAME "reference:exports are what the reference says in 400 random stores"
        COMMAND "${Python3_EXECUTABLE}" -B "${CMAKE_CURRENT_SOURCE_DIR}/reference/compare.py" --seeds 1-400
            -- "$<TARGET_FILE:run_scenarios>")
    add_test(NAME "reference:expressions are what the reference says of 10000 random profiles"
        COMMAND "${Python3_EXECUTABLE}" -B "${CMAKE_CURRENT_SOURCE_DIR}/reference/compare_expressions.py"
            --seeds 1-10000 -- "$<TARGET_FILE:run_expressions>")
endif()
