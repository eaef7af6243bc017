using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using SmsAi.Core.Platform.Api;

namespace SmsAi.Web.Platform.Api;

/// <summary>
/// Acts with the header Idempotency-Key are done once, however often a program asks because it got no answer. Only what was done is
/// remembered: a refusal leaves the key free.
/// </summary>
internal static partial class ApiOnce
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotent-Replayed";

    private const int Longest = 255;

    /// <param name="beginsAnew">
    /// Whether a call that died in the middle is done again. Not where that may undo what somebody did since: a stop would be lifted by a late resume.
    /// </param>
    public static RouteHandlerBuilder OnceByKey(this RouteHandlerBuilder endpoint, bool beginsAnew = true) => endpoint
        .AddEndpointFilter((call, next) => RunAsync(call.HttpContext, beginsAnew, () => next(call)))
        .Heeds(Header, "A name of the caller's own for this act, new for each. Whoever asks again with it within 24 hours gets the first answer again, and nothing is done twice.")
        .WithMetadata(new ApiOnceByKey());

    private static async ValueTask<object?> RunAsync(HttpContext context, bool beginsAnew, Func<ValueTask<object?>> act)
    {
        if (context.Request.Headers[Header] is not { Count: > 0 } header)
            return await act();
        if (header is not [{ Length: > 0 and <= Longest } key] || !key.All(letter => letter is > ' ' and <= '~'))
            return ApiProblem.Of(new Dictionary<string, string> { [Header] = $"Give it once, 1 to {Longest} visible ASCII characters, such as a UUID." });
        var call = new IdempotentCall(
            context.User.FindFirst(ApiDoor.KeyClaim)?.Value ?? "", key, $"{context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}",
            await HashAsync(context.Request), beginsAnew);
        var keys = context.RequestServices.GetRequiredService<IdempotencyKeys>();
        switch (await keys.ClaimAsync(call, context.RequestAborted))
        {
            case IdempotencyVerdict.Claimed claimed:
                await DoAsync(context, keys, call, claimed.At, act);
                return Results.Empty;
            case IdempotencyVerdict.Done done:
                context.Response.Headers[ReplayedHeader] = "true";
                if (done.ETag is not null)
                    context.Response.Headers.ETag = done.ETag;
                return Results.Text(done.Response, "application/json", Encoding.UTF8, done.Status);
            case IdempotencyVerdict.Running:
                context.Response.Headers.RetryAfter = "1";
                return ApiProblem.Of(StatusCodes.Status409Conflict, "The first call with this key is still being done. Ask again in a second.");
            case IdempotencyVerdict.Unknown:
                return ApiProblem.Of(StatusCodes.Status409Conflict,
                    "The first call with this key ended without an answer, and may have been done or not. Look how things stand, then decide with a new key.");
            default:
                return ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, "This key was used for another call or another body. Take a new key for each act.");
        }
    }

    /// <summary>Whoever goes away gets the answer when she asks again, so the act no longer hangs on her waiting.</summary>
    private static async Task DoAsync(HttpContext context, IdempotencyKeys keys, IdempotentCall call, DateTime claimedAt, Func<ValueTask<object?>> act)
    {
        var (aborted, body) = (context.RequestAborted, context.Response.Body);
        using var answer = new MemoryStream();
        (context.RequestAborted, context.Response.Body) = (CancellationToken.None, answer);
        try
        {
            await ((IResult)(await act())!).ExecuteAsync(context);
        }
        catch
        {
            await TryAsync(context, () => keys.ReleaseAsync(call, claimedAt));
            throw;
        }
        finally
        {
            (context.RequestAborted, context.Response.Body) = (aborted, body);
        }

        var status = context.Response.StatusCode;
        await TryAsync(context, () => status is >= 200 and < 300
            ? keys.KeepAsync(call, claimedAt, status, Encoding.UTF8.GetString(answer.ToArray()), context.Response.Headers.ETag.FirstOrDefault())
            : keys.ReleaseAsync(call, claimedAt));
        await body.WriteAsync(answer.ToArray(), aborted);
    }

    /// <summary>Without its memory the act is done all the same; the key then stands for a call that died.</summary>
    private static async Task TryAsync(HttpContext context, Func<Task> remember)
    {
        try
        {
            await remember();
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            LogForgotten(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ApiOnce)), fault.GetType().Name);
        }
    }

    private static async Task<byte[]> HashAsync(HttpRequest request)
    {
        request.EnableBuffering(ApiDoor.MostBytes + 1);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{request.Method} {request.Path}{request.QueryString}\n{request.Headers.IfMatch}\n")));
        var buffer = new byte[4096];
        for (int read; (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0;)
            hash.AppendData(buffer, 0, read);
        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    [LoggerMessage(7221, LogLevel.Warning, "What was answered to an act with a key could not be kept ({Reason})")]
    private static partial void LogForgotten(ILogger log, string reason);
}

/// <summary>Marks an endpoint that heeds the header.</summary>
internal sealed record ApiOnceByKey;
