using Npgsql;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>This process among its siblings: a row in replicas, made when the database first answers.</summary>
public sealed class Replica(NpgsqlDataSource database) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private int _id;

    /// <summary>Host and process, for people.</summary>
    public string Name { get; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>Zero until the row is made.</summary>
    public int IdIfKnown => Volatile.Read(ref _id);

    public async ValueTask<int> IdAsync(CancellationToken cancel)
    {
        if (Volatile.Read(ref _id) is var known and not 0)
            return known;
        await _gate.WaitAsync(cancel);
        try
        {
            if (_id == 0)
            {
                await using var command = database.CreateCommand("insert into replicas (name) values ($1) returning id");
                command.Parameters.Add(new() { Value = Name });
                Volatile.Write(ref _id, (int)(await command.ExecuteScalarAsync(cancel))!);
            }

            return _id;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
