using System.Globalization;
using System.Runtime.Versioning;

namespace SmsAi.Core.Platform.Embedded;

/// <summary>The embedded server's settings, written anew before each start, so that an update of the app brings its own.</summary>
[UnsupportedOSPlatform("windows")]
internal static class PostgresSettings
{
    public static async Task WriteAsync(string data, int port, ServerAccount account, CancellationToken cancel)
    {
        await ReplaceAsync(Path.Combine(data, "postgresql.conf"), Settings(port), account, cancel);
        await ReplaceAsync(Path.Combine(data, "pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n", account, cancel);
    }

    private static string Settings(int port) =>
        $"""
        # Written by SmsAi at each start; changes are lost.
        listen_addresses = '127.0.0.1'
        port = {port.ToString(CultureInfo.InvariantCulture)}
        unix_socket_directories = ''
        max_connections = 100
        password_encryption = scram-sha-256
        timezone = 'UTC'
        log_timezone = 'UTC'

        # An answered webhook is on disk.
        fsync = on
        synchronous_commit = on
        shared_buffers = 128MB
        wal_buffers = 16MB
        # Few checkpoints: each makes the next change of every page dearer.
        max_wal_size = 2GB
        checkpoint_timeout = 15min
        random_page_cost = 1.1
        # Short statements only: compiling one costs more than running it.
        jit = off

        # Parameters and details of errors hold what people wrote, so neither is logged.
        log_parameter_max_length = 0
        log_parameter_max_length_on_error = 0
        log_error_verbosity = terse
        log_checkpoints = off
        log_line_prefix = '%m [%p] %u '

        """;

    private static async Task ReplaceAsync(string file, string text, ServerAccount account, CancellationToken cancel)
    {
        DataFolder.WritePrivate(file, text);
        await account.GiveAsync(file, cancel);
    }
}
