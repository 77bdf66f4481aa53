{{- define "meetingbot.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "meetingbot.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "meetingbot.labels" -}}
{{ include "meetingbot.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "meetingbot.image" -}}
{{- if .Values.image.digest }}{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- /* Refuses contradictory values, which a schema can't express, and durations, for which its words would be a pattern. */ -}}
{{- define "meetingbot.check" -}}
{{- if not .Values.existingSecret }}
{{- fail "existingSecret is empty: create a Secret with the tokens and the App Key, and name it here" }}
{{- end }}
{{- if and .Values.ca.configMap (not .Values.ca.keys) }}
{{- fail "ca.configMap is set but ca.keys is empty: list the keys to use, for example SLACK_CA" }}
{{- end }}
{{- if and .Values.ca.keys (not .Values.ca.configMap) }}
{{- fail "ca.keys is set but ca.configMap is empty: name the ConfigMap that has the certificates" }}
{{- end }}
{{- range .Values.ca.keys }}
{{- if or (has . $.Values.secretKeys) (hasKey $.Values.config .) }}
{{- fail (printf "%s is both in ca.keys and in secretKeys or config: keep one of them" .) }}
{{- end }}
{{- end }}
{{- if and (gt (int .Values.replicas) 1) (ne .Values.database.kind "postgres") }}
{{- fail "more than one replica needs PostgreSQL: a SQLite file belongs to one process; set database.kind to postgres" }}
{{- end }}
{{- $sockets := int (.Values.config.SLACK_CONNECTIONS | default 2) }}
{{- $pods := int .Values.replicas }}
{{- if eq .Values.database.kind "postgres" }}{{ $pods = add1 $pods }}{{ end }}
{{- if gt (mul $pods $sockets) 10 }}
{{- fail (printf "Slack allows 10 sockets per app, but %d pods (including the extra one of an update) with SLACK_CONNECTIONS %d need %d" $pods $sockets (mul $pods $sockets)) }}
{{- end }}
{{- range tuple "CONFIRM_TTL" "UNDO_WINDOW" "LEAD_TIME" "DELEGATION_MAX" "KEEP" "SHUTDOWN_TIMEOUT" }}
{{- if hasKey $.Values.config . }}
{{- $value := get $.Values.config . | toString }}
{{- if not (regexMatch `^(0|[0-9]+d([0-9]+(\.[0-9]+)?(ms|s|m|h))*|([0-9]+(\.[0-9]+)?(ms|s|m|h))+)$` $value) }}
{{- fail (printf "config.%s is not a duration: %q; write a number and a unit, s, m, h or d, for example 15m" . $value) }}
{{- end }}
{{- end }}
{{- end }}
{{- $stop := .Values.config.SHUTDOWN_TIMEOUT | default "20s" }}
{{- $start := toDate "2006" "2026" }}
{{- if le (int64 .Values.terminationGracePeriodSeconds) (sub (unixEpoch (dateModify $stop $start)) (unixEpoch $start)) }}
{{- fail (printf "terminationGracePeriodSeconds %v is not longer than SHUTDOWN_TIMEOUT %s: Kubernetes would kill a pod that is still stopping" .Values.terminationGracePeriodSeconds $stop) }}
{{- end }}
{{- end }}

{{- /* Shared by the bot and doctor. */ -}}
{{- define "meetingbot.keys" -}}
{{- $keys := .Values.secretKeys }}
{{- if eq .Values.database.kind "postgres" }}{{ $keys = append $keys "DATABASE_URL" }}{{ end }}
{{- $keys | toJson }}
{{- end }}

{{- define "meetingbot.env" -}}
{{- range $name, $value := .Values.config }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- range include "meetingbot.keys" . | fromJsonArray }}
- name: {{ . }}_FILE
  value: /run/secrets/meetingbot/{{ . }}
{{- end }}
{{- range without .Values.ca.keys "DATABASE_CA" }}
- name: {{ . }}_FILE
  value: /etc/meetingbot-ca/{{ . }}
{{- end }}
{{- if eq .Values.database.kind "postgres" }}
# The image has a default for SQLite; empty means "not set".
- name: DATABASE_URL
  value: ""
{{- else }}
- name: DATABASE_URL
  value: sqlite:/data/meetingbot.db
{{- end }}
{{- if .Values.ownerMap }}
- name: OWNER_MAP
  value: /etc/meetingbot/owners.csv
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "meetingbot.mounts" -}}
- name: secrets
  mountPath: /run/secrets/meetingbot
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- if .Values.ca.configMap }}
- name: ca
  mountPath: /etc/meetingbot-ca
  readOnly: true
{{- end }}
{{- if .Values.ownerMap }}
- name: owners
  mountPath: /etc/meetingbot
  readOnly: true
{{- end }}
{{- if ne .Values.database.kind "postgres" }}
- name: data
  mountPath: /data
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "meetingbot.volumes" -}}
- name: secrets
  secret:
    secretName: {{ .Values.existingSecret }}
    defaultMode: 0440
    items:
      {{- range include "meetingbot.keys" . | fromJsonArray }}
      - key: {{ . }}
        path: {{ . }}
      {{- end }}
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- if .Values.ca.configMap }}
- name: ca
  configMap:
    name: {{ .Values.ca.configMap }}
    items:
      {{- range .Values.ca.keys }}
      - key: {{ . }}
        path: {{ . }}
      {{- end }}
{{- end }}
{{- if .Values.ownerMap }}
- name: owners
  configMap:
    name: {{ include "meetingbot.name" . }}-owners
{{- end }}
{{- if ne .Values.database.kind "postgres" }}
- name: data
  persistentVolumeClaim:
    claimName: {{ .Values.database.existingClaim | default (include "meetingbot.name" .) }}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "meetingbot.podSecurity" -}}
runAsNonRoot: true
{{- if not .Values.platformIds }}
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "meetingbot.containerSecurity" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}
