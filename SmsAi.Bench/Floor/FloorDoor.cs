using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SmsAi.Bench.Loopback;
using SmsAi.Core.Pipeline.Intake.Webhooks;
using SmsAi.Web.Pipeline.Intake;

namespace SmsAi.Bench.Floor;

/// <summary>The least that can stand at the door of such a program: a bare server that reads a webhook's form, checks its signature, and answers once the text is stored.</summary>
internal sealed class FloorDoor : IAsyncDisposable
{
    private readonly FloorSettings _settings;
    private readonly FloorTurns _turns;
    private readonly TwilioSignature _signature;
    private readonly LoopbackServer _server;

    private FloorDoor(FloorSettings settings, FloorTurns turns) =>
        (_settings, _turns, _signature, _server) = (settings, turns, new TwilioSignature(settings.AuthToken), new LoopbackServer(ServeAsync));

    public Uri Address => _server.Address;

    public static async Task<FloorDoor> OpenAsync(FloorSettings settings, FloorTurns turns)
    {
        var door = new FloorDoor(settings, turns);
        await door._server.StartAsync();
        return door;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        var url = _settings.PublicBaseUrl + context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (await WebhookDoor.ReadAsync(context) is not { } form || !_signature.Verify(url, form, context.Request.Headers["X-Twilio-Signature"]).IsValid)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        await _turns.TakeAsync(long.Parse(form.Text("From"u8)!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), form.Text("MessageSid"u8)!, form.Text("Body"u8)!);
        await ReceiveEndpoint.AnswerAsync(context);
    }
}
