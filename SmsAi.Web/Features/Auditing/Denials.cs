using System.Collections.Concurrent;
using Npgsql;
using SmsAi.Core.Features.Auditing;

namespace SmsAi.Web.Features.Auditing;

/// <summary>Writes into the audit trail who was denied what; once a minute each, so that whoever keeps trying doesn't fill it.</summary>
public sealed partial class Denials(AuditTrail trail, TimeProvider time, ILogger<Denials> log)
{
    private const int MostKept = 1_000;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Who, string What), DateTimeOffset> _noted = new();

    /// <summary>What was denied is the route, after the word for the door it was tried at.</summary>
    internal Task NoteAsync(string door, HttpContext context) => NoteAsync(
        OperatorActor.Of(context.User, context.Connection.RemoteIpAddress),
        $"{door}:{context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}", context.RequestAborted);

    internal async Task NoteAsync(Actor actor, string what, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (_noted.TryGetValue((actor.Name, what), out var last) && now - last < Every)
            return;
        if (_noted.Count >= MostKept) _noted.Clear();
        _noted[(actor.Name, what)] = now;
        try
        {
            await trail.AppendAsync(new AuditAct(actor, "access.denied", what), cancel);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            // Denied all the same.
            LogNotNoted(what, fault.GetType().Name);
        }
    }

    [LoggerMessage(2520, LogLevel.Warning, "That {What} was denied could not be written into the audit trail ({Fault})")]
    private partial void LogNotNoted(string what, string fault);
}
