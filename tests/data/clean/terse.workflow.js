export const meta={name:'terse',description:'Written without spaces.'}
const s={type:'object',properties:{ok:{type:'boolean'}},required:['ok']},f=args.files||[]
const r=await Promise.all(f.map(x=>agent(x,{schema:s}).then(y=>y?.ok?x:null,()=>null)))
const g=async x=>{const y=await agent(x);return y?y.trim():''}
const [a,b]=await Promise.all([g('a'),g('b')])
let i=0;while(i++<3)await g('c'+i)
do{await g('d')}while(--i>0)
if(r.length)log(r.filter(Boolean).join())
else console.warn('nothing')
const h=x=>x>1?h(x-1)*x:1,k=h(5),{length:n}=f
return[a,b,k,n,...r]
