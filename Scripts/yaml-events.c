// Reads the YAML file named on the command line as libyaml's events and does nothing with them:
// the least that any program takes which reads the file with libyaml.
#include <stdio.h>
#include <yaml.h>

int main(int count, char **words) {
  FILE *file = count == 2 ? fopen(words[1], "rb") : NULL;
  yaml_parser_t parser;
  if (file == NULL || !yaml_parser_initialize(&parser)) return 2;
  yaml_parser_set_input_file(&parser, file);
  long events = 0;
  yaml_event_type_t type;
  do {
    yaml_event_t event;
    if (!yaml_parser_parse(&parser, &event)) return 1;
    type = event.type;
    yaml_event_delete(&event);
    events++;
  } while (type != YAML_STREAM_END_EVENT);
  yaml_parser_delete(&parser);
  fclose(file);
  printf("%ld\n", events);
  return 0;
}
