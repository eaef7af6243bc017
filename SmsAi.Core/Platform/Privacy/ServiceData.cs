using static SmsAi.Core.Platform.Privacy.ColumnClass;
using static SmsAi.Core.Platform.Privacy.DataClass;
using static SmsAi.Core.Platform.Privacy.Retention;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>Data classes of the service itself: switches, audit, money, settings, figures, error logs and the sandbox.</summary>
internal static class ServiceData
{
    public static readonly ColumnClass[] Columns =
    [
        .. In("controls",
            (Internal, Forever, "name stopped until reason by_name auto_answer at ver")),
        .. In("control_flips",
            (Internal, Forever, "ver name stopped reason by_name at newest_event replicas_expected held")),
        .. In("control_acknowledgements",
            (Internal, Forever, "ver replica_id at cancelled was_there")),
        .. In("stop_checks",
            (Internal, Days90, "id replica_id at took_ms replicas confirming fault")),
        .. In("pause_schedules",
            (Internal, Forever, "id version zone on_day days from_time to_time reason auto_answer is_enabled next_start next_end by_name at")),
        .. In("pause_runs",
            (Internal, Forever, "schedule_id starts_at ends_at outcome ver at")),
        .. In("replicas",
            (Internal, WhileNeeded, "id name started_at seen_at seen_ver stopped_at")),
        .. In("replica_figures",
            (Internal, WhileNeeded, "replica_id at version cpu_percent memory_bytes threads connections turns turns_at_most disk_free_bytes disk_bytes")),
        .. In("replica_services",
            (Internal, WhileNeeded, "replica_id name state since latency_ms last_error last_error_at")),
        .. In("audit",
            (Personal, Forever, "actor ip session"),
            (Internal, Forever, "id at actor_id role action resource metadata previous_hash hash")),
        .. In("audit_head",
            (Internal, Forever, "one id hash")),
        .. In("audit_verdicts",
            (Internal, Forever, "id at by_name rows took_ms head_id head_hash fault first_broken last_broken")),
        .. In("audit_copies",
            (Internal, WhileNeeded, "sink place host copied_id copied_hash copied_at seen_at lease_until lease_token tries next_try failing_since fault")),
        .. In("spend_days",
            (Internal, Forever, "day model_micros carrier_micros cap_micros")),
        .. In("prices",
            (Public, Forever, "id provider model usage micros_per_million valid_from")),
        .. In("sweep_marks",
            (Internal, Forever, "our_number swept_until at")),
        .. In("webhook_log",
            (Internal, Days90, "id at path verdict status sid message_id took_ms replica_id times")),
        // The response may repeat what was asked for.
        .. In("idempotency_keys",
            (Internal, Hours24, "key caller route status etag created_at"),
            (Personal, Hours24, "body_hash response")),
        .. In("job_runs",
            (Internal, Days90, "id job requested_at started_at finished_at replica succeeded fault by_name reason")),
        .. In("job_switches",
            (Internal, Forever, "job disabled by_name reason at")),
        .. In("system_config",
            (Internal, Forever, "key value version updated_at updated_by")),
        .. In("system_config_history",
            (Internal, Forever, "key version value updated_at updated_by reason")),
        .. In("installation",
            (Internal, Forever, "one system_identifier newest_event seen_at")),
        // Redacted where it is written; still, an error may quote what it failed on.
        .. In("error_logs",
            (Internal, Days90, "id task_id error_type category severity component operation at resolved resolved_at resolved_by"),
            (Personal, Days90, "user_id error_message stack_trace metadata note")),
        .. In("metric_minutes",
            (Internal, Forever, "minute texts_in texts_out delivered errors model_micros carrier_micros answer_times")),
        .. In("metrics_hourly",
            (Internal, Forever, "hour_bucket metric_name tags value")),
        .. In("sandbox_settings",
            (Internal, Forever, "key"),
            (Secret, Forever, "value")),
        .. In("sandbox_messages",
            (Personal, Days90, "to_hash from_hash data"),
            (Internal, Days90, "sid direction status error_code created_at")),
        .. In("schema_migrations",
            (Internal, Forever, "version name category checksum success error duration_ms applied_at reversed_at reversals")),
    ];
}
