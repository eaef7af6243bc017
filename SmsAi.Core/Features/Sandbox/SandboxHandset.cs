using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Delivery;

namespace SmsAi.Core.Features.Sandbox;

/// <summary>Plays a person's phone: the carrier keeps the text, and then tries to bring it to us as it would a real one.</summary>
public sealed class SandboxHandset(
    SandboxMessages messages, SandboxState state, SandboxWebhooks webhooks, IOptions<TwilioOptions> options)
{
    private static readonly string[] OptOutWords = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"];
    private static readonly string[] OptInWords = ["START", "YES", "UNSTOP"];

    /// <summary>Texts us from a handset.</summary>
    public async Task<HandsetResult> TextAsync(string from, string body, CancellationToken cancel)
    {
        var message = await KeepAsync(from, body, cancel);
        var isLost = (await state.CurrentAsync(cancel)).Has(SandboxFault.WebhooksLost, from);
        return new HandsetResult(message, isLost ? null : await webhooks.BringAsync(message, cancel));
    }

    /// <summary>Only the carrier's part: it has the text, and whoever asks brings the webhook.</summary>
    public async Task<SandboxMessage> KeepAsync(string from, string body, CancellationToken cancel)
    {
        var message = await messages.AddAsync(
            new SandboxMessage
            {
                Sid = SandboxMessage.NewSid(),
                IsInbound = true,
                From = from,
                To = options.Value.FromNumber!,
                Body = body,
                Status = "received",
            },
            cancel);
        // The carrier minds its own keywords before it tells us, as the real one does.
        var word = body.Trim().ToUpperInvariant();
        if (OptOutWords.Contains(word) || OptInWords.Contains(word))
            await state.SetOptedOutAsync(from, OptOutWords.Contains(word), cancel);
        return message;
    }
}

/// <summary>What became of a handset's text. Without a status the webhook did not reach us, and the sweep has to find the text.</summary>
public sealed record HandsetResult(SandboxMessage Message, int? WebhookStatus);
