using System.Runtime.Versioning;
using Npgsql;
using SmsAi.Core.Platform.Embedded;

namespace SmsAi.Tests.Platform.Embedded;

/// <summary>A running app's servers, for the tests that only look at them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class RunningServers : IAsyncLifetime
{
    private EmbeddedServers? _servers;

    public TestFolder Folder { get; } = new();

    public EmbeddedServers Servers => _servers!;

    public async ValueTask InitializeAsync() => _servers = await EmbeddedHost.StartInsideAsync(Folder.Data, TextWriter.Null);

    public async ValueTask DisposeAsync()
    {
        await Servers.DisposeAsync();
        Folder.Dispose();
    }

    internal static async Task<object?> ExecuteAsync(string? connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
