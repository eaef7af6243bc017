using System.Collections.Concurrent;
using SmsAi.Core.Features.Auditing;
using SmsAi.Web.Features.Auditing;

namespace SmsAi.Web.Features.ApiKeys;

/// <summary>Writes into the audit trail who was denied what; once a minute each, so that a program that keeps trying doesn't fill it.</summary>
internal sealed class Denials(AuditTrail trail, TimeProvider time)
{
    private const int MostKept = 1_000;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Who, string What), DateTimeOffset> _noted = new();

    public async Task NoteAsync(HttpContext context)
    {
        var actor = OperatorActor.Of(context.User, context.Connection.RemoteIpAddress);
        var what = $"{context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}";
        var now = time.GetUtcNow();
        if (_noted.TryGetValue((actor.Name, what), out var last) && now - last < Every)
            return;
        if (_noted.Count >= MostKept) _noted.Clear();
        _noted[(actor.Name, what)] = now;
        await trail.AppendAsync(new AuditAct(actor, "access.denied", "api:" + what), context.RequestAborted);
    }
}
