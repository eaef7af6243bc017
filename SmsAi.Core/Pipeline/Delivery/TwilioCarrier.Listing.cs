using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SmsAi.Core.Pipeline.Delivery;

// The questions: what was sent to a number, what reached ours, what became of one text.
public sealed partial class TwilioCarrier
{
    /// <summary>A thousand texts to one number within the two minutes that clocks may differ by.</summary>
    private const int OutboundPages = 20;
    private const int InboundPages = 500;

    /// <inheritdoc/>
    public async Task<CarrierListing> ListToAsync(string to, string? from, DateTimeOffset since, CancellationToken cancel)
    {
        var query = $"To={Uri.EscapeDataString(to)}&PageSize=50";
        if (from is { Length: > 0 })
            query += $"&From={Uri.EscapeDataString(from)}";
        return await ReadPagesAsync(query, since, OutboundPages, IsOutbound, Task.FromResult, cancel);
    }

    /// <inheritdoc/>
    public async Task<CarrierListing> ListInboundAsync(string ourNumber, DateTimeOffset since, PageChoice choose, CancellationToken cancel)
    {
        // The filter knows whole days of the carrier's clock; a day of slack costs little.
        var day = since.UtcDateTime.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var query = $"To={Uri.EscapeDataString(ourNumber)}&DateSent%3E={day}&PageSize=500";
        var read = await ReadPagesAsync(query, since, InboundPages, message => message.Direction == "inbound", choose, cancel);
        // It lists the newest first, and its time has no fractions: two texts of one second keep their order.
        return read is CarrierListing.Found found ? found with { Messages = [.. found.Messages.Reverse().OrderBy(message => message.CreatedAt)] } : read;
    }

    /// <inheritdoc/>
    public async Task<CarrierLookup> FetchAsync(string sid, CancellationToken cancel)
    {
        if (ApiBase() is not { } api)
            return new CarrierLookup.Unavailable("our own address is not known before the server listens");
        var answer = await GetAsync(new Uri($"{api}{_accountPath}/Messages/{Uri.EscapeDataString(sid)}.json"), TwilioJson.Default.TwilioMessageJson, cancel);
        if (answer.Status == HttpStatusCode.NotFound)
            return new CarrierLookup.Absent();
        if (answer.Fault is { } fault)
            return new CarrierLookup.Unavailable(fault);
        return TwilioAnswers.Message(answer.Body) is { } message
            ? new CarrierLookup.Found(message)
            : new CarrierLookup.Unavailable("unreadable answer");
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>?> NumbersOfServiceAsync(string messagingServiceSid, CancellationToken cancel)
    {
        if (ApiBase() is not { } api)
            return null;
        // Services live on a host of their own; a replaced address serves both.
        var host = api == "https://api.twilio.com" ? "https://messaging.twilio.com" : api;
        var next = $"{host}/v1/Services/{Uri.EscapeDataString(messagingServiceSid)}/PhoneNumbers?PageSize=100";
        List<string> numbers = [];
        for (var page = 0; page < 20 && next is not null; page++)
        {
            var answer = await GetAsync(new Uri(next), TwilioJson.Default.TwilioNumbersJson, cancel);
            if (answer.Fault is not null || answer.Body is not { } found)
                return null;
            numbers.AddRange((found.PhoneNumbers ?? []).Select(number => number.PhoneNumber).OfType<string>());
            // Our credentials go to no other host than the one asked.
            next = found.Meta?.NextPageUrl is { } url && url.StartsWith(host + "/", StringComparison.Ordinal) ? url : null;
        }
        return numbers;
    }

    private static bool IsOutbound(CarrierMessage message) => message.Direction.StartsWith("outbound", StringComparison.Ordinal);

    private async Task<CarrierListing> ReadPagesAsync(
        string query, DateTimeOffset since, int pages, Func<CarrierMessage, bool> isMeant, PageChoice choose, CancellationToken cancel)
    {
        if (ApiBase() is not { } api)
            return new CarrierListing.Unavailable("our own address is not known before the server listens");
        List<CarrierMessage> messages = [];
        string? next = $"{_accountPath}/Messages.json?{query}";
        for (var page = 0; page < pages; page++)
        {
            var answer = await GetAsync(new Uri(api + next), TwilioJson.Default.TwilioPageJson, cancel);
            if (answer.Fault is { } fault)
                return new CarrierListing.Unavailable(fault);
            if (TwilioAnswers.Page(answer.Body) is not { } found)
                return new CarrierListing.Unavailable("unreadable answer");
            messages.AddRange(await choose([.. found.Messages.Where(message => message.CreatedAt >= since && isMeant(message))]));
            next = found.Next;
            // Newest first: a page that ends before the asked time ends the search.
            if (next is null || found.Messages.Count > 0 && found.Messages[^1].CreatedAt < since)
                return new CarrierListing.Found(messages, IsWhole: true);
        }
        return new CarrierListing.Found(messages, IsWhole: false);
    }

    private async Task<(HttpStatusCode? Status, T? Body, string? Fault)> GetAsync<T>(Uri address, JsonTypeInfo<T> type, CancellationToken cancel) where T : class
    {
        using var message = Request(HttpMethod.Get, address);
        using var limit = Limit(cancel);
        try
        {
            using var response = await client.SendAsync(message, limit.Token);
            if (!response.IsSuccessStatusCode)
                return (response.StatusCode, null, $"the carrier answered {(int)response.StatusCode}");
            await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
            return (response.StatusCode, await JsonSerializer.DeserializeAsync(body, type, limit.Token), null);
        }
        catch (JsonException)
        {
            return (null, null, "unreadable answer");
        }
        catch (HttpRequestException fault)
        {
            return (null, null, Describe(fault));
        }
        catch (IOException)
        {
            return (null, null, "connection lost");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, null, "no answer in time");
        }
    }
}
