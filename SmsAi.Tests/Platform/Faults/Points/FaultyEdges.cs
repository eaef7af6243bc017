using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Replying;

namespace SmsAi.Tests.Platform.Faults.Points;

/// <summary>The carrier with a fault point before and after each text.</summary>
internal sealed class FaultyCarrier(ICarrier inner, FaultEngine faults) : ICarrier
{
    public async Task<SendResult> SendAsync(SendRequest request, CancellationToken cancel)
    {
        await faults.ReachAsync(FaultPoints.BeforeCarrier, request.Body);
        var result = await inner.SendAsync(request, cancel);
        await faults.ReachAsync(FaultPoints.AfterCarrier, request.Body);
        return result;
    }

    public Task<CarrierListing> ListToAsync(string to, string? from, DateTimeOffset since, CancellationToken cancel) =>
        inner.ListToAsync(to, from, since, cancel);

    public Task<CarrierListing> ListInboundAsync(string ourNumber, DateTimeOffset since, PageChoice choose, CancellationToken cancel) =>
        inner.ListInboundAsync(ourNumber, since, choose, cancel);

    public Task<CarrierLookup> FetchAsync(string sid, CancellationToken cancel) => inner.FetchAsync(sid, cancel);

    public Task<IReadOnlyList<string>?> NumbersOfServiceAsync(string messagingServiceSid, CancellationToken cancel) =>
        inner.NumbersOfServiceAsync(messagingServiceSid, cancel);
}

/// <summary>The model with a fault point before and after each question.</summary>
internal sealed class FaultyModel(IChatModel inner, FaultEngine faults) : IChatModel
{
    public async Task<ModelResult> AnswerAsync(ModelRequest request, CancellationToken cancel)
    {
        var asked = request.Turns[^1].Text;
        await faults.ReachAsync(FaultPoints.BeforeModel, asked);
        var result = await inner.AnswerAsync(request, cancel);
        await faults.ReachAsync(FaultPoints.AfterModel, asked);
        return result;
    }
}
