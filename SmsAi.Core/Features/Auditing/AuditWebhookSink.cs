using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace SmsAi.Core.Features.Auditing;

/// <summary>Posts rows to a URL as one JSON object, signed as the Standard Webhooks say; any 2xx counts as kept.</summary>
internal sealed class AuditWebhookSink(IHttpClientFactory clients, Uri url, byte[] key, TimeProvider time) : IAuditSink
{
    public const string Client = "audit-copy";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Name => "webhook";

    public async Task<string?> DeliverAsync(IReadOnlyList<AuditLine> rows, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            using var request = Request(rows);
            using var client = clients.CreateClient(Client);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return answer.IsSuccessStatusCode ? null : string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)answer.StatusCode}");
        }
        catch (HttpRequestException fault)
        {
            return $"not reached ({fault.HttpRequestError})";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return "no answer within 10 s";
        }
    }

    private HttpRequestMessage Request(IReadOnlyList<AuditLine> rows)
    {
        var body = AuditJson.Of(rows, time.GetUtcNow());
        // The same rows have the same id, however often they are posted.
        var id = string.Create(CultureInfo.InvariantCulture, $"audit_{rows[0].Id}_{rows[^1].Id}_{Convert.ToHexStringLower(rows[^1].Hash)[..16]}");
        var stamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", stamp);
        request.Headers.Add("webhook-signature", "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{stamp}."), .. body])));
        return request;
    }
}
