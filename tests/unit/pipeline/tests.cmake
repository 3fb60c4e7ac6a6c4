streamforge_unit_tests(pipeline)
if(NOT STREAMFORGE_MEDIA)
  # What plans and runs the whole job is not built then.
  foreach(part plan_json make_report)
    set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/${part}_test.cpp PROPERTIES HEADER_FILE_ONLY ON)
  endforeach()
endif()
