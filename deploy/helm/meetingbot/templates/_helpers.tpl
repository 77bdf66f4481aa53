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

{{- /* What no schema can say: values that contradict each other. */ -}}
{{- define "meetingbot.check" -}}
{{- if not .Values.existingSecret }}
{{- fail "existingSecret is empty: make a Secret with the tokens and the App Key, and name it here" }}
{{- end }}
{{- if and (gt (int .Values.replicas) 1) (ne .Values.database.kind "postgres") }}
{{- fail "more than one replica needs PostgreSQL: a SQLite file belongs to one process; set database.kind to postgres" }}
{{- end }}
{{- $sockets := int (.Values.config.SLACK_CONNECTIONS | default 2) }}
{{- $pods := int .Values.replicas }}
{{- if eq .Values.database.kind "postgres" }}{{ $pods = add1 $pods }}{{ end }}
{{- if gt (mul $pods $sockets) 10 }}
{{- fail (printf "Slack allows an app 10 sockets: %d pods (one more than replicas during an update) with SLACK_CONNECTIONS %d would need %d" $pods $sockets (mul $pods $sockets)) }}
{{- end }}
{{- end }}
