using System.Net;
using Microsoft.AspNetCore.Components;
using SmsAi.Core.Features.Access;

namespace SmsAi.Web.Features.Access;

/// <summary>The sign-in: plain HTML, since nothing live may be reached before it.</summary>
public sealed partial class SignInPage
{
    private string? _fault;
    private bool _nobodyYet;
    private string? _ticket;
    private bool _isExpired;

    [CascadingParameter] public required HttpContext Context { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in")] public SignInForm? Form { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in-code")] public SignInCodeForm? Code { get; set; }

    [SupplyParameterFromQuery] public string? Back { get; set; }

    [Inject] internal OperatorSignIn SignIn { get; init; } = null!;

    [Inject] public required SetUpLinks Links { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    private IPAddress Address => Context.Connection.RemoteIpAddress ?? IPAddress.None;

    protected override async Task OnInitializedAsync()
    {
        Form ??= new();
        _ticket = Code?.Ticket; // the form a post names must stand on the page before its handler runs
        if (Context.User.Identity?.IsAuthenticated == true) GoOn();
        else _nobodyYet = HttpMethods.IsGet(Context.Request.Method) && await Links.AreNeededAsync(Context.RequestAborted);
    }

    private async Task SubmitAsync() => Take(await SignIn.TryAsync(Form!.Email ?? "", Form.Password ?? "", Address, Context.RequestAborted));

    private async Task ShowCodeAsync() => Take(await SignIn.TryCodeAsync(Code!.Ticket!, Code.Code ?? "", Address, Context.RequestAborted));

    private void Take(SignInOutcome outcome)
    {
        switch (outcome)
        {
            case SignInOutcome.Refused refused:
                _fault = refused.Words;
                break;
            case SignInOutcome.MustWait wait:
                _fault = wait.Words;
                Context.Response.SayToWait(wait.Wait);
                break;
            case SignInOutcome.NeedsCode needed:
                _ticket = needed.Ticket;
                break;
            case SignInOutcome.Expired:
                (_ticket, _isExpired) = (null, true);
                break;
            case SignInOutcome.SignedIn { MustEnrol: true }:
                Navigation.NavigateTo("/account");
                break;
            default:
                GoOn();
                break;
        }
    }

    private void GoOn() => Navigation.NavigateTo(LocalPath.OrFirstPage(Back));
}

/// <summary>What the sign-in page posts.</summary>
public sealed class SignInForm
{
    public string? Email { get; set; }

    public string? Password { get; set; }
}

/// <summary>What the sign-in's second step posts.</summary>
public sealed class SignInCodeForm
{
    public string? Ticket { get; set; }

    public string? Code { get; set; }
}
