using System.Diagnostics;
using System.Globalization;

namespace SmsAi.Core.Features.SystemCheck;

/// <summary>An outside party's answer to one question, or the reason why there is none.</summary>
internal sealed record HttpAnswer(int? Status, string Body, string? Location, string? Fault, TimeSpan Took)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The answer as a person may see it.</summary>
    public string Shown => Status is { } status
        ? string.Create(CultureInfo.InvariantCulture, $"{status} in {Took.TotalMilliseconds:0} ms: {(Body.Length > 0 ? Redaction.Of(Body) : "(empty)")}")
        : $"no answer: {Fault}";

    public static async Task<HttpAnswer> AskAsync(HttpClient client, HttpRequestMessage request, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            using var response = await client.SendAsync(request, limit.Token);
            var body = await response.Content.ReadAsStringAsync(limit.Token);
            return new HttpAnswer((int)response.StatusCode, body, response.Headers.Location?.ToString(), null, Stopwatch.GetElapsedTime(started));
        }
        catch (HttpRequestException fault)
        {
            return Without(fault.HttpRequestError.ToString());
        }
        catch (IOException)
        {
            return Without("the connection ended");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Without(string.Create(CultureInfo.InvariantCulture, $"nothing within {Patience.TotalSeconds:0} s"));
        }

        HttpAnswer Without(string fault) => new(null, "", null, fault, Stopwatch.GetElapsedTime(started));
    }
}
