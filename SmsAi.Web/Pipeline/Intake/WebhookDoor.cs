using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Intake.Webhooks;

namespace SmsAi.Web.Pipeline.Intake;

/// <summary>A webhook that Twilio has signed for our account, with its raw target: path and query as they came over the wire.</summary>
public sealed record AdmittedWebhook(RawForm Form, SignatureVerdict Verdict, string RawTarget)
{
    /// <summary>The query without its question mark.</summary>
    public ReadOnlySpan<char> RawQuery =>
        RawTarget.IndexOf('?', StringComparison.Ordinal) is var question and >= 0 ? RawTarget.AsSpan(question + 1) : [];
}

/// <summary>
/// The one door for everything Twilio posts: size, header, type, raw bytes, signature, account, in this order. Who doesn't pass gets a bare
/// status, is counted, and leaves no other trace.
/// </summary>
public sealed class WebhookDoor(IOptions<TwilioOptions> options, RejectionLog rejections, IServer server)
{
    private const string Header = "X-Twilio-Signature";
    private const string FormType = "application/x-www-form-urlencoded";

    private readonly Lazy<WebhookUrl> _url = new(() =>
        WebhookUrl.From(options.Value, server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []));

    private readonly Lazy<TwilioSignature> _signature = new(() => new TwilioSignature(options.Value.AuthToken, options.Value.SecondaryAuthToken));

    /// <summary>The webhook, or null when it was refused and the answer is already set.</summary>
    /// <param name="path">The route's own spelling: what is counted must not be something a stranger wrote.</param>
    public async ValueTask<AdmittedWebhook?> AdmitAsync(HttpContext context, string path)
    {
        var started = Stopwatch.GetTimestamp();
        if (context.Request.ContentLength > RawForm.MaxBodyBytes)
            return Refuse(context, path, started, 413, "too_large");
        var header = context.Request.Headers[Header].ToString();
        if (string.IsNullOrWhiteSpace(header))
            return Refuse(context, path, started, 403, "header_missing");
        if (!IsForm(context.Request.ContentType))
            return Refuse(context, path, started, 415, "not_a_form");
        if (await ReadAsync(context) is not { } form)
            return Refuse(context, path, started, 413, "too_large");
        if (form.Fault is { } fault)
            return Refuse(context, path, started, fault.Status, WordOf(fault.Kind));

        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var verdict = _signature.Value.Verify(_url.Value, target, form, header);
        if (!verdict.IsValid)
            return Refuse(context, path, started, 403, WordOf(verdict.Refusal));
        // Of several accounts under one parent each signs with a token of its own; ours is the one configured.
        if (form.Text("AccountSid"u8) != options.Value.AccountSid)
            return Refuse(context, path, started, 403, "other_account");
        return new AdmittedWebhook(form, verdict, target);
    }

    /// <summary>Refuses what passed the signature but can't be used; counted the same way.</summary>
    public void Refuse(HttpContext context, string path, int status, string verdict) =>
        Refuse(context, path, Stopwatch.GetTimestamp(), status, verdict);

    /// <summary>Refuses a webhook for its first faulty field.</summary>
    public void Refuse(HttpContext context, string path, FieldFault fault) => Refuse(context, path, fault.Status, $"{WordOf(fault.Kind)}_{fault.Field}");

    private AdmittedWebhook? Refuse(HttpContext context, string path, long started, int status, string verdict)
    {
        context.Response.StatusCode = status;
        context.Response.ContentLength = 0;
        rejections.Count(path, verdict, status, Stopwatch.GetElapsedTime(started));
        return null;
    }

    /// <summary>The form as posted, or null when it is longer than a webhook can be.</summary>
    internal static async ValueTask<RawForm?> ReadAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            var body = read.Buffer;
            if (body.Length > RawForm.MaxBodyBytes)
            {
                reader.AdvanceTo(body.Start, body.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var form = RawForm.Parse(body.IsSingleSegment ? body.FirstSpan : body.ToArray());
                reader.AdvanceTo(body.End);
                return form;
            }

            reader.AdvanceTo(body.Start, body.End);
        }
    }

    private static bool IsForm(string? contentType) =>
        contentType is not null && contentType.StartsWith(FormType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == FormType.Length || contentType[FormType.Length] is ';' or ' ');

    private static string WordOf(FieldFaultKind kind) => kind switch
    {
        FieldFaultKind.Missing => "missing",
        FieldFaultKind.Repeated => "repeated",
        _ => "malformed",
    };

    private static string WordOf(FormFaultKind kind) => kind switch
    {
        FormFaultKind.BodyTooLarge => "too_large",
        FormFaultKind.TooManyKeys => "too_many_fields",
        FormFaultKind.KeyTooLong => "field_name_too_long",
        _ => "field_too_long",
    };

    private static string WordOf(SignatureRefusal refusal) => refusal switch
    {
        SignatureRefusal.NoTokenConfigured => "no_token_configured",
        SignatureRefusal.NoPublicUrl => "no_public_url",
        SignatureRefusal.HeaderMalformed => "header_malformed",
        SignatureRefusal.Mismatch => "signature_mismatch",
        _ => "signature_refused",
    };
}
