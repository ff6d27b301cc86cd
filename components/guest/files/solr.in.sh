# shellcheck shell=bash disable=SC2034
# Half of the memory; the index is read through the page cache, which has the rest.
SOLR_HEAP={{.HeapMiB}}m
SOLR_HOME={{.Data}}/home
SOLR_LOGS_DIR={{.Data}}/logs
SOLR_PID_DIR=/run/solr
SOLR_PORT={{.Port}}
{{- if .Address}}
SOLR_JETTY_HOST={{.Address}}
{{- else}}
# The private address of the default route; no packet is sent for it.
SOLR_JETTY_HOST=$(ip -4 -o route get 192.0.2.1 | sed -n 's/.* src \([0-9.]*\).*/\1/p')
{{- end}}
SOLR_HOST=$SOLR_JETTY_HOST
SOLR_IP_ALLOWLIST="127.0.0.1, {{.Allow}}"
SOLR_ULIMIT_CHECKS=false
GC_TUNE="-XX:+UseG1GC -XX:MaxGCPauseMillis=250 -XX:+ParallelRefProcEnabled -XX:+ExitOnOutOfMemoryError"
SOLR_OPTS="$SOLR_OPTS -Dsolr.disableFingerprint=true -Dlog4j2.formatMsgNoLookups=true -Dsolr.allowUrls=http://{{if .Leader}}{{.Leader}}{{else}}$SOLR_JETTY_HOST{{end}}:{{.Port}}/solr"
